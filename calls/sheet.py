"""The applications of one call as an Excel workbook."""

from django.utils.translation import gettext as _

from calls.operations.applying import words_of
from kernel.spreadsheets import opened, put
from kernel.words import stamp

FIRST_ROW = 2


def made(call):
    """Return the workbook's bytes: a row for each application handed in, with every line of the form, all as text."""
    fields = list(call.fields.all())
    rows = call.applications.filter(number__isnull=False).order_by("number")
    rows = rows.select_related("talent__unit").prefetch_related("answers", "attachments")
    book, out = opened()
    sheet = book.add_worksheet(_("申报"))
    put(sheet, 0, 0, call.title, book.add_format({"bold": True, "font_size": 14}))
    head = book.add_format({"bold": True, "bg_color": "#DCEBE3", "border": 1})
    names = [
        _("编号"),
        _("姓名"),
        _("集体或岗位名称"),
        _("单位"),
        _("推荐方式"),
        _("状态"),
        _("拟定结果"),
        _("提交时间"),
    ]
    for column, name in enumerate([*names, *(field.name for field in fields)]):
        sheet.set_column(column, column, 18)
        put(sheet, FIRST_ROW - 1, column, name, head)
    cell = book.add_format({"border": 1, "num_format": "@", "valign": "top", "text_wrap": True})
    for number, row in enumerate(rows):
        row.call = call
        for column, value in enumerate(_values(row, fields)):
            put(sheet, FIRST_ROW + number, column, value, cell)
    book.close()
    return out.getvalue()


def _values(row, fields):
    answers = words_of(row, fields)
    return (
        row.number_text,
        row.talent.full_name,
        row.collective_name,
        row.talent.unit_name,
        row.get_source_display(),
        row.get_state_display(),
        row.get_result_display() if row.result else "",
        stamp(row.submitted_at) if row.submitted_at else "",
        *(answers.get(field.pk, "") for field in fields),
    )
