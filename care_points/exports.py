"""Appointments as an Excel workbook, for a station's week: no numbers, no whole names, no kind of service."""

from django.utils.translation import gettext as _

from kernel.spreadsheets import opened, put
from kernel.words import stamp


def appointment_list(rows):
    """Return the workbook's bytes: a row for each Appointment."""
    book, out = opened()
    sheet = book.add_worksheet(_("预约"))
    head = book.add_format({"bold": True, "bg_color": "#DCEBE3", "border": 1})
    columns = (
        (_("开始"), 17),
        (_("结束"), 17),
        (_("加油站"), 24),
        (_("服务提供者"), 20),
        (_("姓名"), 12),
        (_("状态"), 12),
        (_("改期次数"), 10),
    )
    for number, (words, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        put(sheet, 0, number, words, head)
    for line, one in enumerate(rows, start=1):
        talent = one.redemption.talent
        values = (
            stamp(one.starts_at),
            stamp(one.ends_at),
            one.provider.station.name,
            one.provider.name,
            talent.masked_name if talent else "",
            one.redemption.get_state_display(),
            one.moves,
        )
        for number, value in enumerate(values):
            put(sheet, line, number, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
