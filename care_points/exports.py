"""Lists as Excel workbooks: appointments of a station (no whole names, no kind of service), volunteer hours."""

from django.utils.translation import gettext as _

from kernel.spreadsheets import opened, put
from kernel.words import stamp


def appointment_list(rows):
    """Return the workbook's bytes: a row for each Appointment."""
    columns = (
        (_("开始"), 17),
        (_("结束"), 17),
        (_("加油站"), 24),
        (_("服务提供者"), 20),
        (_("姓名"), 12),
        (_("状态"), 12),
        (_("改期次数"), 10),
    )
    lines = (
        (
            stamp(one.starts_at),
            stamp(one.ends_at),
            one.provider.station.name,
            one.provider.name,
            one.redemption.talent.masked_name if one.redemption.talent else "",
            one.redemption.get_state_display(),
            one.moves,
        )
        for one in rows
    )
    return _workbook(_("预约"), columns, lines)


def hours_list(rows):
    """Return the workbook's bytes: a row for each of the ServiceHours."""
    columns = (
        (_("姓名"), 12),
        (_("人才编号"), 14),
        (_("志愿服务内容"), 28),
        (_("开始"), 17),
        (_("结束"), 17),
        (_("小时"), 8),
        (_("状态"), 10),
        (_("依据"), 14),
        (_("更正前（小时）"), 14),
        (_("登记人"), 12),
        (_("登记时间"), 17),
        (_("确认人"), 12),
        (_("确认时间"), 17),
        (_("说明"), 30),
    )
    lines = (
        (
            one.talent.full_name if one.talent else "",
            one.talent.code if one.talent else "",
            one.activity,
            stamp(one.starts_at),
            stamp(one.ends_at),
            one.half_hours / 2,
            one.get_state_display(),
            one.get_source_display(),
            one.replaces.half_hours / 2 if one.replaces else "",
            str(one.recorded_by),
            stamp(one.recorded_at),
            str(one.decided_by or ""),
            stamp(one.decided_at) if one.decided_at else "",
            one.change_reason or one.reason,
        )
        for one in rows
    )
    return _workbook(_("志愿时长"), columns, lines)


def _workbook(title, columns, lines):
    """Return the bytes of a workbook with one sheet: `columns` are (words, width), `lines` the values below."""
    book, out = opened()
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bg_color": "#DCEBE3", "border": 1})
    for number, (words, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        put(sheet, 0, number, words, head)
    for row, values in enumerate(lines, start=1):
        for number, value in enumerate(values):
            put(sheet, row, number, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
