"""The demo's monthly reports (liangjiang.demo)."""

from kernel.days import month_of, months_after
from reports import operations


def finish(world):
    """Build the reports of the last two months."""
    world.say("monthly reports")
    for back in (2, 1):
        month = months_after(month_of(world.now), -back)
        admin = world.staff["DEMOADMIN"]
        report = operations.request_monthly(month=month, by=admin, now=world.now)
        operations.build(report=report, now=world.now)
