"""Advantages, as an Excel workbook."""

from django.utils.translation import gettext as _

from kernel import measures
from kernel.spreadsheets import list_book


def made(rows):
    """Return the workbook's bytes: a row for each, in their order."""
    columns = (
        (_("谁有"), 30),
        (_("因为什么优先"), 40),
        (_("对应措施"), 20),
        (_("从哪天起"), 14),
        (_("到哪天止"), 14),
        (_("状态"), 14),
        (_("依据"), 30),
        (_("登记部门"), 20),
        (_("提前结束的原因"), 30),
    )
    return list_book(_("优先条件"), columns, map(_line, rows))


def _line(row):
    return (
        row.holder,
        row.label,
        measures.label(row.measure),
        row.first_day.isoformat(),
        row.last_day.isoformat(),
        row.get_state_display(),
        row.source,
        row.department.label if row.department_id else "",
        row.end_reason,
    )
