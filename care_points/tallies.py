"""How often each service is redeemed and used, counted as it happens: the vouchers' own rows are sealed.

Each function is called within the transaction of the event it counts, as its last lock.
"""

from django.db import connection
from django.db.models import F, Sum

from care_points import campaigns
from care_points.models import ServiceMonth
from kernel.days import month_of


def standing(services, at):
    """Return {pk: how many were redeemed of these services (pks) in the month of `at` and stand}. Queries: one."""
    rows = ServiceMonth.objects.filter(service__in=services, month=month_of(at))
    return dict(rows.values_list("service", "standing"))


def by_category(rows, what):
    """Return {kind of service: the sum of a number} of ServiceMonths, kinds with nothing left out."""
    sums = rows.order_by().values_list("service__category").annotate(n=Sum(what))
    return {category: n for category, n in sums if n}


def made(redemption):
    """Count a voucher that was made."""
    _add(redemption, redemption.made_at, made=1, standing=1, points=redemption.cost)


def given_back(redemption):
    """Count a voucher whose points went back: its place is free again, that it was asked for stays."""
    _add(redemption, redemption.made_at, standing=-1, points=-redemption.cost)


def used(redemption, at):
    """Count a voucher that was used at a moment."""
    _add(redemption, at, used=1, used_points=redemption.cost)
    campaigns.came(redemption)


def unused(redemption):
    """Take back that a voucher, fulfilled as it still says, was used."""
    _add(redemption, redemption.fulfilled_at, used=-1, used_points=-redemption.cost)
    campaigns.came_not(redemption)


COUNTED = ("made", "standing", "points", "used", "used_points")
ADD = """
INSERT INTO care_points_servicemonth AS kept (service_id, month, made, standing, points, used, used_points)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (month, service_id) DO UPDATE SET
    made = kept.made + excluded.made,
    standing = kept.standing + excluded.standing,
    points = kept.points + excluded.points,
    used = kept.used + excluded.used,
    used_points = kept.used_points + excluded.used_points
"""


def _add(redemption, at, **numbers):
    """Add to the month's row, made where there is none, in one statement: every redemption passes here."""
    service, month = redemption.service_id, month_of(at)
    if service is None:  # kept long enough: what was counted stays counted
        return
    if min(numbers.values()) < 0:
        rows = ServiceMonth.objects.filter(service_id=service, month=month)
        rows.update(**{name: F(name) + number for name, number in numbers.items()})
        return
    with connection.cursor() as cursor:
        cursor.execute(ADD, [service, month, *(numbers.get(name, 0) for name in COUNTED)])
