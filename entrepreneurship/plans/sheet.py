"""Cohorts as an Excel workbook."""

from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.plans.words import paid, recommended, settled
from kernel.spreadsheets import list_book


def made(members):
    """Return the workbook's bytes: a row for each member, in their order."""
    columns = (
        (_("计划"), 36),
        (_("入选日期"), 14),
        (_("姓名"), 12),
        (_("单位"), 30),
        (_("创业项目"), 30),
        (_("阶段"), 12),
        (_("后续事项"), 14),
        (_("已拨付（元）"), 14),
        (_("向上推荐"), 24),
        (_("入选资格"), 12),
    )
    return list_book(_("计划入选人"), columns, map(_line, members))


def _line(member):
    return (
        member.call.label,
        timezone.localdate(member.joined_at).isoformat(),
        member.talent.full_name,
        member.talent.unit_name,
        member.venture.name if member.venture else "",
        member.venture.get_stage_display() if member.venture else "",
        settled(member),
        float(paid(member)),
        recommended(member),
        _("有效") if member.stands else _("已收回"),
    )
