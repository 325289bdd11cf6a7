"""The budget of a year: set by staff, and who keeps it is told before and when it is used up. It stops nothing."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from care_points import budgets, letters
from care_points.models import PointsBudget
from kernel import rights
from kernel.errors import Invalid
from privacy import audit

FIELDS = ("year", "points", "cost_per_point")
TOLD_AT = (100, 80)  # percent


def why_not_budget(points, cost_per_point):
    """Return why a budget cannot be this, as a DomainError, else None."""
    if not (isinstance(points, int) and 1 <= points < 2**31):
        return Invalid("points_out_of_range", _("预算积分须是 1 以上的整数。"), field="points")
    if not 0 <= cost_per_point < 10**6:
        return Invalid("cost_out_of_range", _("每分成本不能是负数。"), field="cost_per_point")
    return None


@transaction.atomic
def save_budget(*, budget, by, now, **fields):
    """Set (`budget=None`) or change the budget of a year; returns it.

    `fields` are of FIELDS. Raises Refused, what `why_not_budget` returns, Invalid("year_taken").
    """
    rights.require(by, f"care_points.{'change' if budget else 'add'}_pointsbudget")
    row = PointsBudget.objects.select_for_update().get(pk=budget.pk) if budget else PointsBudget()
    before = {name: getattr(row, name) for name in FIELDS}
    for name in FIELDS:
        setattr(row, name, fields.get(name, before[name]))
    if error := why_not_budget(row.points, row.cost_per_point):
        raise error
    if PointsBudget.objects.filter(year=row.year).exclude(pk=row.pk).exists():
        raise Invalid("year_taken", _("这一年的预算已经有了，请在列表里打开修改。"), field="year")
    row.save()
    changed = {
        name: [str(before[name] if budget else ""), str(getattr(row, name))]
        for name in FIELDS
        if not budget or before[name] != getattr(row, name)
    }
    if changed:
        audit.record("care_points.set_budget", row, by=by, at=now, **changed)
    return row


def watch_budget(*, now):
    """Tell who keeps budgets that this year's is four fifths used, and that it is used up: each once. Returns how many were told."""
    budget = PointsBudget.objects.filter(year=timezone.localdate(now).year).first()
    if budget is None:
        return 0
    _points, percent = budgets.used(budget)
    reached = [mark for mark in TOLD_AT if percent >= mark]
    return letters.send_all(letters.budget_used(budget, reached[0]), now) if reached else 0
