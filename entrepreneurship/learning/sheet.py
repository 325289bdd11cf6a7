"""Who takes part in programmes, as an Excel workbook."""

from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.learning.models import periods
from kernel.spreadsheets import list_book


def made(enrolments):
    """Return the workbook's bytes: a row for each of these enrolments, in their order."""
    columns = (
        (_("姓名"), 14),
        (_("单位"), 30),
        (_("培训项目"), 30),
        (_("加入日期"), 14),
        (_("状态"), 14),
        (_("已学分钟"), 10),
        (_("学时"), 8),
        (_("要求分钟"), 10),
        (_("最多还能达到（分钟）"), 14),
        (_("进度"), 16),
    )
    return list_book(_("培训学员"), columns, map(_line, enrolments))


def _line(row):
    return (
        row.talent.full_name,
        row.talent.unit_name,
        row.programme.name,
        timezone.localdate(row.enrolled_at).isoformat(),
        row.get_state_display(),
        row.minutes,
        periods(row.minutes),
        row.programme.minutes_required,
        row.attainable,
        row.get_risk_display(),
    )
