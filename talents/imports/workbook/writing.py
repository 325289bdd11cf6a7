"""Write the form: an empty one to fill in, and the refused rows to correct and send again."""

import datetime
import math

from django.utils.translation import gettext as _

from kernel.spreadsheets import opened, put
from talents.codes import Degree, EducationLevel, PoliticalStatus
from talents.imports.problems import ERROR, INFO, WARNING, row_words

from .columns import REFUSAL_HEADER
from .values import written

SHEET = "信息采集表"
TITLE = "两江新区女性科技人才信息采集表"
# (field, word in the upper header row, word in the lower one, column width). The words are the
# form's, in Chinese whatever language the clerk reads: the file is read again by them.
LAYOUT = (
    ("number", "序号", None, 6),
    ("full_name", "姓名", None, 12),
    ("birth_month", "出生年月", None, 12),
    ("id_number", "身份证号码", None, 22),
    ("political_status", "政治面貌", None, 14),
    ("education_level", "教育背景", "学历", 12),
    ("degree", None, "学位", 12),
    ("school_and_major", None, "毕业院校及专业", 26),
    ("unit_name", "工作单位", None, 30),
    ("position", "职务", None, 14),
    ("professional_title", "职称", None, 14),
    ("research_fields", "研究方向/专业领域", None, 26),
    ("phone", "联系方式", "手机", 16),
    ("email", None, "邮箱", 24),
    ("honours", "获奖及荣誉", None, 26),
    ("remark", "备注", None, 20),
)
HEADER_ROW = 2  # zero-based; the second header row follows
FIRST_ROW = 4
TEMPLATE_ROWS = 1000
_FILL_IN = (
    "填报单位：（盖章）          填报人：          联系电话：          填报日期：    年    月    日"
)
# Where a value of a differently laid out sheet goes in the form.
_INSTEAD = {
    "education_level": ("education_and_degree",),
    "degree": ("education_and_degree",),
    "school_and_major": ("school", "major"),
    "unit_name": ("unit_and_position",),
    "position": ("position_and_title",),
    "professional_title": ("position_and_title",),
}


def refused_workbook(rows, out):
    """Write rows in the form's layout with the reason of their return, to be corrected and read
    again.

    Args: rows is an iterable of ParsedRow, in the order to write them (the refused ones, or any
    others worth correcting); out a path or a binary file. Wrong cells are coloured and carry the
    reason as a comment, in the language that is active.
    """
    book = _book(out)
    sheet = book.add_worksheet(SHEET)
    styles = _styles(book)
    line = _("退回的行：请改正标红的单元格后整表重新上传，“退回原因”列不用删。")
    _head(sheet, styles, line, last=REFUSAL_HEADER)
    sheet.set_column(len(LAYOUT), len(LAYOUT), 60)
    for index, row in enumerate(rows):
        _write_refused(sheet, styles, FIRST_ROW + index, row)
    book.close()


def _write_refused(sheet, styles, at, row):
    """Write one row: its cells as they were sent in, the wrong ones marked, then the reasons."""
    wrong = _wrong_cells(row)
    for column, (name, *_rest) in enumerate(LAYOUT):
        if name == "number":
            put(sheet, at, column, at - FIRST_ROW + 1, styles["text"])
            continue
        put(sheet, at, column, _value(row.raw, name), styles["wrong" if name in wrong else "text"])
        if name in wrong:
            sheet.write_comment(at, column, wrong[name], {"x_scale": 2})
    put(sheet, at, len(LAYOUT), _reasons(row), styles["reason"])


def _reasons(row):
    """Return why a row is returned (or, where it is not, what is doubtful) as one text."""
    reasons = [p.message for p in row.problems if p.level == ERROR] or [
        p.message for p in row.problems if p.level == WARNING
    ]
    if len(reasons) > 1:
        reasons = [f"{number}. {reason}" for number, reason in enumerate(reasons, 1)]
    return _("原%(row)s：") % {"row": row_words(row.raw.place)} + " ".join(reasons)


def _wrong_cells(row):
    """field of the form -> what is wrong with it."""
    fields = {column.header: column.field for column in row.raw.columns}
    wrong = {}
    for problem in row.problems:
        if problem.level == INFO or not (name := fields.get(problem.column)):
            continue
        name = next((n for n, others in _INSTEAD.items() if name in others), name)
        # Addresses in the sentence are those of the file that was sent in.
        wrong[name] = f"{wrong[name]}\n{problem.message}" if name in wrong else problem.message
    return wrong


def _value(raw, name):
    value = raw.get(name)
    if value is None and name in _INSTEAD:
        parts = [written(raw.get(other)) for other in _INSTEAD[name]]
        value = " ".join(part for part in parts if part)
    if name == "birth_month" and isinstance(value, int | float) and math.isfinite(value):
        return value  # 1963.1 as a number and as text are not the same
    if isinstance(value, datetime.datetime | datetime.date):
        return value.strftime("%Y-%m-%d")
    return written(value)


def template_workbook(out):
    """Write the empty form: header, drop-down lists, text columns for numbers, how to fill it in.

    Args: out is a path or a binary file.
    """
    book = _book(out)
    sheet = book.add_worksheet(SHEET)
    styles = _styles(book)
    _head(sheet, styles, _FILL_IN)
    columns = {name: index for index, (name, *_rest) in enumerate(LAYOUT)}
    lists = (
        ("political_status", PoliticalStatus),
        ("education_level", EducationLevel),
        ("degree", Degree),
    )
    for name, choices in lists:
        column = columns[name]
        sheet.data_validation(
            FIRST_ROW,
            column,
            FIRST_ROW + TEMPLATE_ROWS - 1,
            column,
            {
                "validate": "list",
                "source": [str(label) for label in choices.labels],
                "error_type": "warning",
                "error_title": "请从列表中选择",
                "error_message": "列表里没有这一项，导入时可能无法识别。",
            },
        )
    column = columns["id_number"]
    sheet.data_validation(
        FIRST_ROW,
        column,
        FIRST_ROW + TEMPLATE_ROWS - 1,
        column,
        {
            "validate": "length",
            "criteria": "==",
            "value": 18,
            "error_type": "warning",
            "error_title": "身份证号应为18位",
            "error_message": "请以文本格式填写18位身份证号。",
        },
    )
    guide = book.add_worksheet("填表说明")
    guide.set_column(0, 0, 90)
    for line, text in enumerate(_GUIDE):
        guide.write_string(line, 0, text, styles["guide"])
    book.close()


_GUIDE = (
    "填表说明",
    "1. 每人一行，请勿改动表头。姓名必填；身份证号或手机号至少填一项，用于查重。",
    "2. 出生年月写作 1990.09 或 1990年9月。",
    "3. 身份证号、手机号两列已设为文本格式，请直接填写，或用“选择性粘贴—数值”粘贴。",
    "4. 单元格里不要使用公式。",
    "5. 研究方向有多项时用顿号隔开。",
    "6. 有留学经历的请在备注写“留学归国”；本人同意入库的请写“同意入库”。",
    "7. 请不要填写怀孕、产假、哺乳等生育信息，系统不会录入。",
    "8. 本库收录女性科技人才。",
)


def _book(out):
    # In memory, 250 MB for the longest there is: what xlsxwriter puts on the disk instead would stand there in the
    # clear. kernel.spreadsheets.stream needs less, but knows neither colours nor comments.
    book, _file = opened(out)
    return book


def _styles(book):
    base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    box = base | {"border": 1}
    return {
        "title": book.add_format(base | {"bold": True, "font_size": 16, "align": "center"}),
        "line": book.add_format(base),
        "guide": book.add_format(base | {"text_wrap": True}),
        "header": book.add_format(
            box | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#F2F2F2"}
        ),
        "column": book.add_format(base | {"num_format": "@"}),
        "text": book.add_format(box | {"num_format": "@"}),
        "wrong": book.add_format(
            box | {"num_format": "@", "bg_color": "#FDE2E1", "font_color": "#9B1C1C"}
        ),
        "reason": book.add_format(box | {"text_wrap": True, "font_color": "#9B1C1C"}),
    }


def _head(sheet, styles, line, *, last=None):
    """Title, one line under it and the two-row header with one more column if `last` names it,
    written strictly row by row."""
    layout = LAYOUT if last is None else (*LAYOUT, ("reason", last, None, None))
    for index, (name, _upper, _lower, width) in enumerate(LAYOUT):
        sheet.set_column(index, index, width, None if name == "number" else styles["column"])
    sheet.write_string(0, 0, TITLE, styles["title"])
    _span(sheet, 0, 0, 0, len(LAYOUT) - 1)
    sheet.write_string(1, 0, line, styles["line"])
    _span(sheet, 1, 0, 1, len(LAYOUT) - 1)
    for offset, part in ((0, 1), (1, 2)):
        for index, column in enumerate(layout):
            if column[part]:
                sheet.write_string(HEADER_ROW + offset, index, column[part], styles["header"])
            else:
                sheet.write_blank(HEADER_ROW + offset, index, None, styles["header"])
    for index, (_name, upper, lower, _width) in enumerate(layout):
        if lower is None:
            _span(sheet, HEADER_ROW, index, HEADER_ROW + 1, index)
        elif upper:
            end = index
            while layout[end + 1][1] is None:
                end += 1
            _span(sheet, HEADER_ROW, index, HEADER_ROW, end)
    sheet.freeze_panes(FIRST_ROW, 2)


def _span(sheet, first_row, first_column, last_row, last_column):
    # merge_range() fills the cells column by column, which loses rows already flushed in
    # constant_memory mode; the cells are written above, only the mark is missing.
    sheet.merge.append([first_row, first_column, last_row, last_column])
