"""A list of an association's members as a workbook, with the columns its import reads."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.spreadsheets import list_book


def made(rows):
    """Return the bytes of a workbook of Memberships."""
    today = timezone.localdate()
    columns = (
        (_("姓名"), 14),
        (_("人才编号"), 16),
        (_("单位"), 30),
        (_("职称"), 14),
        (_("入会日期"), 14),
        (_("会籍到期日"), 14),
        (_("状态"), 12),
    )
    return list_book(_("会员名单"), columns, (_line(row, today) for row in rows))


def _line(row, today):
    talent = row.talent
    return (
        talent.full_name,
        talent.code,
        talent.unit_name,
        talent.professional_title,
        row.joined_on.isoformat(),
        row.valid_until.isoformat(),
        str(row.state_on(today)),
    )
