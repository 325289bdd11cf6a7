"""The attendance list of one event as an Excel workbook."""

import io

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _


def _cell(text):
    """Return text a spreadsheet cannot take for a formula: a quote in front of = + - @ tab CR."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _moment(value):
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def attendance(event, bookings):
    """Return the workbook's bytes: one row for each booking, everything as text, no contact data.

    `bookings` comes with talent and unit selected, in the order of the rows.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "bg_color": "#DCEBE3", "border": 1, "align": "center"})
    title = book.add_format({"bold": True, "font_size": 14})
    cell = book.add_format({"border": 1, "num_format": "@", "valign": "top", "text_wrap": True})
    sheet = book.add_worksheet(_("签到名单"))
    sheet.write_string(0, 0, _cell(event.title), title)
    facts = [event.department.name, _moment(event.starts_at), event.venue]
    sheet.write_string(1, 0, _cell(" · ".join(facts)))
    columns = (
        (_("序号"), 6),
        (_("姓名"), 12),
        (_("单位"), 36),
        (_("职称"), 16),
        (_("状态"), 10),
        (_("报名时间"), 17),
        (_("候补转正时间"), 17),
        (_("签到时间"), 17),
    )
    for number, (name, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(3, number, name, head)
    for line, booking in enumerate(bookings):
        talent = booking.talent
        values = (
            str(line + 1),
            talent.full_name,
            talent.unit_name,
            talent.professional_title,
            str(booking.get_state_display()),
            _moment(booking.booked_at),
            _moment(booking.promoted_at),
            _moment(booking.checked_in_at),
        )
        for number, value in enumerate(values):
            sheet.write_string(4 + line, number, _cell(value), cell)
    sheet.freeze_panes(4, 2)
    book.close()
    return out.getvalue()
