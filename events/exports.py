"""The attendance list of one event as an Excel workbook."""

from django.utils.translation import gettext as _

from kernel.spreadsheets import opened, put
from kernel.words import stamp

HEADING_ROW, FIRST_ROW = 3, 4


def attendance(event, bookings):
    """Return the workbook's bytes: one row for each booking, everything as text, no contact data.

    `bookings` comes with talent and unit selected, in the order of the rows.
    """
    book, out = opened()
    sheet = book.add_worksheet(_("签到名单"))
    put(sheet, 0, 0, event.title, book.add_format({"bold": True, "font_size": 14}))
    put(sheet, 1, 0, " · ".join([event.department.name, stamp(event.starts_at), str(event.place)]))
    head = book.add_format({"bold": True, "bg_color": "#DCEBE3", "border": 1, "align": "center"})
    for column, (name, width) in enumerate(_columns()):
        sheet.set_column(column, column, width)
        put(sheet, HEADING_ROW, column, name, head)
    cell = book.add_format({"border": 1, "num_format": "@", "valign": "top", "text_wrap": True})
    for number, booking in enumerate(bookings):
        for column, value in enumerate(_values(number + 1, booking)):
            put(sheet, FIRST_ROW + number, column, value, cell)
    sheet.freeze_panes(FIRST_ROW, 2)
    book.close()
    return out.getvalue()


def _columns():
    return (
        (_("序号"), 6),
        (_("姓名"), 12),
        (_("单位"), 36),
        (_("职称"), 16),
        (_("状态"), 10),
        (_("报名时间"), 17),
        (_("候补转正时间"), 17),
        (_("签到时间"), 17),
        (_("托管孩子"), 10),
    )


def _values(number, booking):
    talent = booking.talent
    moments = (booking.booked_at, booking.promoted_at, booking.checked_in_at)
    return (
        str(number),
        talent.full_name,
        talent.unit_name,
        talent.professional_title,
        booking.get_state_display(),
        *(stamp(moment) if moment else "" for moment in moments),
        str(booking.children) if booking.has_childcare else "",
    )
