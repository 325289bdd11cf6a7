"""Honours granted, as an Excel workbook."""

from django.utils.translation import gettext as _

from kernel.spreadsheets import list_book


def made(awards):
    """Return the workbook's bytes: a row for each of these awards, in their order."""
    columns = (
        (_("获得者"), 18),
        (_("荣誉称号"), 30),
        (_("级别"), 10),
        (_("单位"), 30),
        (_("授予日期"), 14),
        (_("授予单位"), 30),
        (_("文号"), 24),
        (_("来源"), 14),
        (_("状态"), 10),
    )
    return list_book(_("荣誉"), columns, map(_line, awards))


def _line(award):
    return (
        award.recipient,
        award.honour.label,
        award.honour.get_level_display(),
        award.unit_text,
        award.granted_on.isoformat(),
        award.granted_by,
        award.document_number,
        award.get_source_display(),
        _("有效") if award.stands else _("已撤销"),
    )
