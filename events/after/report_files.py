"""The report on events as files: Excel and Word, from the same Report."""

import io
from dataclasses import astuple

from django.utils.translation import gettext as _

from events.after.report import HIDDEN
from kernel.spreadsheets import NOT_IN_XML, opened, put


def _clean(value):
    """Return a value without characters no Word file can hold."""
    return NOT_IN_XML.sub("", str(value))


def _events_head():
    return (_("活动"), _("日期"), _("席位"), _("报名"), _("到场"), _("到场率"), _("总体感受"))


def _events_row(row):
    event = row.event
    return (
        event.title,
        row.when,
        event.capacity,
        _known(row.seats),
        _known(row.came),
        row.rate,
        row.score or HIDDEN,
    )


def _known(count):
    return HIDDEN if count is None else count


def _series_row(row):
    return tuple(_known(value) for value in astuple(row))


def _series_head():
    return (_("系列"), _("场次"), _("报名"), _("到场"), _("到场率"), _("占全部到场"))


# --- Excel ----------------------------------------------------------------------------------------
def xlsx(report):
    """Return the report as the bytes of a workbook: figures, events, and a sheet for each breakdown."""
    book, out = opened()
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bg_color": "#DCEBE3", "border": 1}),
        "cell": book.add_format({"border": 1, "valign": "top", "text_wrap": True}),
    }
    lines = [(line.label, line.value, line.unit) for line in report.lines]
    first = _sheet(book, styles, report.title, _("总览"), (_("指标"), _("数值"), ""), lines)
    for number, note in enumerate(report.notes):
        put(first, len(lines) + 4 + number, 0, note)
    rows = [_events_row(row) for row in report.rows]
    _sheet(book, styles, report.title, _("各场活动"), _events_head(), rows)
    if report.series:
        rows = [_series_row(row) for row in report.series]
        _sheet(book, styles, report.title, _("各系列"), _series_head(), rows)
    for table in report.breakdowns:
        cells = [(words, _known(n)) for words, n in table.rows]
        name = table.heading
        _sheet(book, styles, table.title, name, (table.heading, _("人次")), cells)
    book.close()
    return out.getvalue()


def _sheet(book, styles, title, name, head, rows):
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, max(len(head) - 1, 1), 14)
    put(sheet, 0, 0, title, styles["title"])
    for column, words in enumerate(head):
        put(sheet, 2, column, words, styles["head"])
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            put(sheet, 3 + number, column, value, styles["cell"])
    sheet.freeze_panes(3, 1)
    return sheet


# --- Word -----------------------------------------------------------------------------------------
def docx(report):
    """Return the report as the bytes of a Word document."""
    # Imported when somebody asks: python-docx and lxml take 4 MB of a process.
    from kernel import word

    document = word.opened(report.title)
    document.add_heading(_clean(report.title), 1)
    word.add_table(
        document,
        (_("指标"), _("数值")),
        [
            (_clean(line.label), _clean(f"{line.value} {line.unit}".strip()))
            for line in report.lines
        ],
    )
    if len(report.rows) > 1:
        document.add_heading(_("各场活动"), 2)
        word.add_table(
            document, _events_head(), [tuple(map(_clean, _events_row(r))) for r in report.rows]
        )
    if report.series:
        document.add_heading(_("各系列"), 2)
        rows = [tuple(map(_clean, _series_row(row))) for row in report.series]
        word.add_table(document, _series_head(), rows)
    for table in report.breakdowns:
        document.add_heading(table.title, 2)
        cells = [(_clean(words), str(_known(n))) for words, n in table.rows]
        word.add_table(document, (table.heading, _("人次")), cells or [(_("没有数据"), HIDDEN)])
    for note in report.notes:
        document.add_paragraph(_clean(note))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


MAKERS = {"xlsx": xlsx, "docx": docx}
