"""The volunteer team as the tests need it."""

from datetime import date, timedelta

from django.utils import timezone

from outreach.volunteers import operations
from tests import factories
from tests.factories import NOW
from tests.talents.asking import make as asking

TODAY = timezone.localdate(NOW)
DAY = timedelta(days=1)
CHOSEN = {
    "topics": ["talk", "experiment"],
    "stages": ["primary", "junior"],
    "days": [3, 5],
    "areas": ["lijia", "renhe"],
    "most_a_term": 3,
}


def woman(**fields):
    """Return a woman of the database."""
    return asking.woman(**{"full_name": "苏晴"} | fields)


def coordinator(**fields):
    """Return who keeps the team."""
    return factories.staff("outreach_coordinator", **fields)


def draft(talent=None, now=NOW, **values):
    """Return a draft with everything chosen."""
    return operations.save_choices(
        talent=talent or woman(), values=CHOSEN | values, by=None, now=now
    )


def applied(talent=None, now=NOW, **values):
    """Return one who waits for a decision."""
    made = draft(talent, now, **values)
    return operations.apply_volunteer(talent=made.talent, by=None, now=now)


def active(talent=None, now=NOW, **values):
    """Return one in the team, neither trained nor checked."""
    return operations.accept_volunteer(volunteer=applied(talent, now, **values), by=None, now=now)


def trained(volunteer, until=TODAY + 200 * DAY, now=NOW):
    """Enter that she was trained."""
    return operations.enter_training(
        volunteer=volunteer,
        title="上岗培训",
        done_on=date(2026, 1, 5),
        good_until=until,
        by=None,
        now=now,
    )


def cleared(volunteer, until=TODAY + 300 * DAY, now=NOW):
    """Enter that she was checked."""
    return operations.enter_clearance(
        volunteer=volunteer, done_on=date(2026, 1, 6), good_until=until, by=None, now=now
    )


def ready(talent=None, trained_until=TODAY + 200 * DAY, cleared_until=TODAY + 300 * DAY, **values):
    """Return one who may go."""
    made = active(talent, **values)
    trained(made, trained_until)
    cleared(made, cleared_until)
    made.refresh_from_db()
    return made
