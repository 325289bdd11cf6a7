"""Who may count for a school, and what cannot be a count."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import UnitKind
from kernel.errors import Conflict, Invalid, Refused
from outreach.choices.models import ASK, CELLS, FIRST_YEAR, MOST, ChoiceReport

AHEAD = 3  # who chooses in the first year of upper secondary school sits the examination two years later


def why_not_report(unit, by):
    """Say why `by` may not count for a unit: the contact of a school does, for her own."""
    if by is not None and (
        by.is_staff or not by.has_perm(ASK) or unit is None or by.unit_id != unit.pk
    ):
        return Refused("not_allowed", _("只有学校的联系人可以填报本校的选科统计。"))
    if unit.kind == UnitKind.SCHOOL:
        return None
    return Refused("no_school", _("只有学校填报选科统计。"))


def why_not_year(year, now):
    """Say why a year cannot be counted."""
    latest = timezone.localdate(now).year + AHEAD
    if FIRST_YEAR <= year <= latest:
        return None
    sentence = _("高考年份请填 %(first)s 到 %(latest)s。") % {"first": FIRST_YEAR, "latest": latest}
    return Invalid("year", sentence, field="year")


def why_not_counts(counts):
    """Say what is wrong with counts, {(sex, first, pair): pupils}: every cell is said, none is absurd, some is not 0."""
    if set(counts) != set(CELLS) or any(not 0 <= n <= MOST for n in counts.values()):
        sentence = _("每一格都要填 0 到 %(most)s 的人数，没有就填 0。") % {"most": MOST}
        return Invalid("counts", sentence)
    if sum(counts.values()):
        return None
    return Invalid("counts_empty", _("全是 0，没有可填报的；请核对后再保存。"))


def why_not_new(unit, year):
    """Say that a year was counted already: it is corrected, not entered again over what is there."""
    if not ChoiceReport.objects.standing().filter(unit=unit, year=year).exists():
        return None
    return Conflict("counted", _("这一届已经填报了，请在列表里点“更正”。"), field="year")


def why_not_withdraw(report):
    """Say why a count cannot be taken back."""
    if report.withdrawn_at is None:
        return None
    return Conflict("withdrawn", _("已经撤回了；再保存一次就恢复。"))
