"""Ventures as an Excel workbook."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.spreadsheets import list_book


def made(ventures):
    """Return the workbook's bytes: a row for each of these ventures, in their order."""
    columns = (
        (_("编号"), 14),
        (_("项目或企业名称"), 30),
        (pgettext("venture", "发起人"), 14),
        (_("行业"), 24),
        (_("阶段"), 12),
        (_("进入这一阶段的日期"), 18),
        (_("注册日期"), 14),
        (_("统一社会信用代码"), 22),
        (_("所在基地"), 30),
        (_("所属部门"), 30),
    )
    return list_book(_("创业项目"), columns, map(_line, ventures))


def _line(venture):
    return (
        venture.code,
        venture.name,
        venture.talent.full_name,
        venture.get_industry_display(),
        venture.get_stage_display(),
        venture.stage_on.isoformat(),
        venture.registered_on.isoformat() if venture.registered_on else "",
        venture.uscc or "",
        venture.base.label if venture.base else "",
        venture.department.name,
    )
