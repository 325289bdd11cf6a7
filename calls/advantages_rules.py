"""What may be done with advantages, and why not: pages ask, operations raise."""

import re

from django.utils import timezone
from django.utils.translation import gettext as _

from calls.advantages import ADD, RUN
from calls.models import Advantage
from kernel import measures
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import day_text

KIND = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def why_not_grant(by):
    """Say why `by` may not register an advantage."""
    if by is None or (by.is_staff and by.has_perm(ADD)):
        return None
    return Refused("not_allowed", _("您没有登记优先条件的权限，请联系系统管理员。"))


def why_not_run(advantage, by):
    """Say why `by` may not end this one: the department that registered it does."""
    if by is None:
        return None
    own = by.sees_all_departments or by.department_id == advantage.department_id
    if by.is_staff and own and by.has_perm(RUN):
        return None
    return Refused("not_yours", _("只有登记它的部门可以办理，请与该部门联系。"))


def why_not_facts(advantage):
    """Say why what is written of one does not do, or None."""
    if not KIND.fullmatch(advantage.kind or ""):
        sentence = _("种类代码用小写英文字母、数字和短横，例如 return-fund。")
        return Invalid("kind_wrong", sentence, field="kind")
    if not (advantage.words or "").strip():
        return Invalid("words_missing", _("请写明因为什么优先。"), field="words")
    if not (advantage.source or "").strip():
        return Invalid("source_missing", _("请写明依据。"), field="source")
    if advantage.measure not in dict(measures.choices()):
        return Invalid("measure_unknown", _("请选择对应的措施。"), field="measure")
    if (advantage.unit is None) == (advantage.talent is None):
        return Invalid("holder_wrong", _("单位和人才填一个，不能都填或都不填。"), field="unit")
    if advantage.last_day < advantage.first_day:
        return Invalid("ends_before_start", _("结束日期不能早于开始日期。"), field="last_day")
    return why_not_beside(advantage)


def why_not_beside(advantage):
    """Say why it cannot stand: the same holder has one of that kind in that time (Conflict), or None."""
    rows = Advantage.objects.filter(
        unit=advantage.unit,
        talent=advantage.talent,
        kind=advantage.kind,
        first_day__lte=advantage.last_day,
        last_day__gte=advantage.first_day,
    ).exclude(pk=advantage.pk)
    there = rows.first()
    if there is None or there.last_day < there.first_day:
        return None
    sentence = _("%(holder)s已有同一种优先条件，从%(first)s到%(last)s，时间不能重叠。")
    said = {
        "holder": there.holder,
        "first": day_text(there.first_day),
        "last": day_text(there.last_day),
    }
    return Conflict("advantage_overlaps", sentence % said, field="first_day")


def why_not_end(advantage, at):
    """Say why one cannot be ended: it is, or it is over."""
    if advantage.ended_at:
        return Conflict("ended_already", _("已经提前结束。"))
    if advantage.last_day < timezone.localdate(at):
        return Conflict("over_already", _("已经到期，不用结束。"))
    return None


def why_not_undo_end(advantage):
    """Say why there is no ending to take back."""
    if advantage.ended_at:
        return None
    return Conflict("not_ended", _("没有提前结束，不用恢复。"))
