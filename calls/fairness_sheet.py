"""The report on how fair calls were as an Excel workbook: the figures, a sheet for each comparison, times."""

from django.utils.translation import gettext as _

from calls.fairness import steps
from kernel.spreadsheets import opened, put
from kernel.words import clauses

HIDDEN = "—"
FIRST_ROW = 3


def made(report):
    """Return the workbook's bytes of a Report."""
    book, out = opened()
    head = book.add_format({"bold": True, "bg_color": "#DCEBE3", "border": 1})
    cell = book.add_format({"border": 1, "valign": "top", "text_wrap": True})

    def sheet(name, columns, rows):
        added = book.add_worksheet(name)
        added.set_column(0, len(columns) - 1, 22)
        put(added, 0, 0, clauses(call.title for call in report.calls))
        put(added, 1, 0, _("内部使用：不足 10 人的格子不列出，写作“—”。"))
        for column, words in enumerate(columns):
            put(added, FIRST_ROW - 1, column, words, head)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                put(added, FIRST_ROW + number, column, _known(value), cell)

    words = steps()
    sheet(_("总览"), (_("指标"), _("数值")), [*report.totals, *report.units])
    for table in report.tables:
        rows = [(name, *cells.values(), share) for name, cells, share in table.rows]
        sheet(table.title, (table.title, *words.values(), _("入选率")), rows)
    sheet(_("各阶段用时"), (_("阶段"), _("中位数（天）"), _("最长（天）")), report.times)
    book.close()
    return out.getvalue()


def _known(value):
    return HIDDEN if value is None else value
