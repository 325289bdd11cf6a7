"""The two files of a monthly report, Excel and PDF."""

from pathlib import Path

from django.utils.translation import gettext as _

from kernel import documents
from kernel.spreadsheets import opened, put
from reports import words

TEMPLATE = Path(__file__).parent / "monthly.typ"
CHART_ROWS = 18  # how many rows a chart beside its numbers is high
NOTE_HEIGHT = 60  # points: four lines
JIALING, PALE, INK, YANGTZE = "#216b55", "#dcebe3", "#18201c", "#ac7b2d"


@words.in_chinese
def workbook(figures, version, made_at):
    """Return the report as the bytes of an .xlsx file: numbers, breakdowns, and a chart of them.

    Both files say which version they are and when they were made (`made_at`, aware), so that two
    printed copies of a month can be told apart.
    """
    book, out = opened()
    with book:
        font = {"font_name": "Microsoft YaHei", "font_size": 11, "font_color": INK}
        plain = book.add_format(font)
        number = book.add_format({**font, "num_format": "#,##0.##;-#,##0.##;0"})
        count = book.add_format({**font, "num_format": "#,##0"})
        small = book.add_format({**font, "font_size": 9, "text_wrap": True, "valign": "top"})
        big = book.add_format({**font, "font_size": 16, "bold": True, "font_color": JIALING})
        part = book.add_format({**font, "bold": True, "font_color": JIALING, "bottom": 1})
        head = book.add_format({**font, "bold": True, "bg_color": PALE, "bottom": 1})

        month = words.month_words(figures["month"])
        about = month, words.edition(version, made_at)
        _overview(book.add_worksheet(_("概况")), figures, about, big, small, part, plain, number)
        _trends(book, figures, head, plain, count)
        _breakdowns(book.add_worksheet(_("分类")), figures, part, head, plain, count)
        book.set_properties({"title": _("%(month)s数据月报") % {"month": month}})
    return out.getvalue()


def _overview(sheet, figures, about, big, small, part, plain, number):
    """Write the numbers of the month, one measure after the other."""
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 20)
    sheet.set_column(2, 2, 12)
    sheet.set_paper(9)
    put(sheet, 0, 0, _("两江女性科技人才工作数据月报"), big)
    month, edition = about
    put(sheet, 1, 0, _("统计月份：%(month)s") % {"month": month}, plain)
    put(sheet, 2, 0, edition, plain)
    sheet.merge_range(3, 0, 3, 2, "", small)
    put(sheet, 3, 0, words.note(), small)
    sheet.set_row(3, NOTE_HEIGHT)
    row = 5
    for section in words.sections(figures):
        for column, text in enumerate((section.title, "", "")):
            put(sheet, row, column, text, part)
        for label, value, unit in section.lines:
            row += 1
            put(sheet, row, 0, label, plain)
            put(sheet, row, 1, value, number)
            put(sheet, row, 2, unit, plain)
        row += 2


def _trends(book, figures, head, plain, count):
    """Write each number by month and draw it, one under the other."""
    name = _("趋势")
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 1, 20)
    row = 0
    for trend in words.trends(figures):
        _trend(book, sheet, name, row, trend, head, plain, count)
        row += max(len(trend.points), CHART_ROWS) + 3


def _trend(book, sheet, name, top, trend, head, plain, count):
    """Write one trend from the row `top` on, its chart beside it."""
    for column, text in enumerate((_("月份"), trend.heading)):
        put(sheet, top, column, text, head)
    for row, (month, n) in enumerate(trend.points, start=top + 1):
        put(sheet, row, 0, month, plain)
        put(sheet, row, 1, n, count)
    last = top + len(trend.points)
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": [name, top, 1],
            "categories": [name, top + 1, 0, last, 0],
            "values": [name, top + 1, 1, last, 1],
            "fill": {"color": JIALING},
            # A month that is not told has words for a number and no column: no label either.
            "data_labels": {"value": True, "num_format": "#,##0;;"},
            "gap": 60,
        }
    )
    chart.set_title({"name": trend.title})
    chart.set_legend({"none": True})
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": PALE}}, "min": 0})
    chart.set_size({"width": 760, "height": 360})
    sheet.insert_chart(top, 3, chart, {"description": _("数字见左侧表格")})


def _breakdowns(sheet, figures, part, head, plain, count):
    """Write the tables one under the other."""
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 20)
    row = 0
    for table in words.tables(figures):
        for column, text in enumerate((table.title, "")):
            put(sheet, row, column, text, part)
        for column, text in enumerate((table.heading, table.unit)):
            put(sheet, row + 1, column, text, head)
        row += 2
        for label, value in table.rows or ((_("本月没有数据"), ""),):
            put(sheet, row, 0, label, plain)
            put(sheet, row, 1, value, count)
            row += 1
        row += 1


@words.in_chinese
def page_data(figures, version, made_at):
    """Return what the PDF's template shows, as plain JSON values; the words are done here."""

    def formatted(value):
        return f"{value:,g}" if isinstance(value, float) else f"{value:,}"

    def shown(value):
        return formatted(value) if isinstance(value, int | float) else str(value)

    def column(n):
        """Return (height, number in words): a month that is not told has a short mark, the note explains it."""
        return (n, shown(n)) if isinstance(n, int) else (0, _("不公开"))

    month = words.month_words(figures["month"])
    return {
        "title": _("两江女性科技人才工作数据月报"),
        "month": month,
        "edition": words.edition(version, made_at),
        "note": words.note(),
        "sections": [
            {
                "title": section.title,
                "lines": [
                    [label, f"{shown(value)} {unit}".strip()]
                    for label, value, unit in section.lines
                ],
            }
            for section in words.sections(figures)
        ],
        "charts": [
            {
                "title": f"{trend.title}（{trend.unit}）",
                "points": [[name.partition("年")[2], *column(n)] for name, n in trend.points],
            }
            for trend in words.trends(figures)
        ],
        "tables": [
            {
                "title": table.title,
                "heading": table.heading,
                "unit": table.unit,
                "rows": [[label, shown(value)] for label, value in table.rows],
            }
            for table in words.tables(figures)
        ],
        "empty": _("本月没有数据"),
        "page_of": _("第 {page} 页，共 {pages} 页"),
    }


def pdf(figures, version, made_at):
    """Return the report as the bytes of a PDF (A4, Chinese font embedded)."""
    return documents.render(TEMPLATE, page_data(figures, version, made_at))
