"""What of a year's points is issued, and what the points that are left would cost."""

from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import ExtractYear

from care_points.models import AccountKind, Entry, PointsAccount, PointsBudget, TransferKind

# What was given by rules, less what was taken back of it; corrections by two people stand apart.
ISSUED = Q(
    account__kind=AccountKind.ISSUANCE,
    transfer__kind__in=[TransferKind.EARNED, TransferKind.REVERSED],
)


def issued():
    """Return {year: points issued in it (Asia/Shanghai), less what was taken back}. One query over the issuing account."""
    by_year = Entry.objects.filter(ISSUED).order_by().values_list(ExtractYear("transfer__at"))
    return {year: -moved for year, moved in by_year.annotate(Sum("amount"))}


def used(budget, given=None):
    """Return (points issued in the year of a budget, whole percent of it); `given` is what `issued` returned."""
    points = (issued() if given is None else given).get(budget.year, 0)
    return points, points * 100 // budget.points


def outstanding():
    """Return how many points women hold that they may still use."""
    return PointsAccount.objects.filter(kind=AccountKind.TALENT).aggregate(
        n=Sum("balance", default=0)
    )["n"]


def liability(year):
    """Return what the points that are left would cost in yuan, at the cost staff gave for `year` or the newest before it; None without one."""
    budget = PointsBudget.objects.filter(year__lte=year).order_by("-year").first()
    if budget is None:
        return None
    return (outstanding() * budget.cost_per_point).quantize(Decimal("0.01"))
