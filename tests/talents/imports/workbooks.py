"""Builders of information forms for the tests, as units send them and worse."""

import datetime
import io
from pathlib import Path

import openpyxl
import xlsxwriter
from stdnum.cn import ric

from talents.imports.workbook import find_repeats, parse_row, read

SAMPLE = Path(__file__).parent / "data" / "talent_collection_form.xlsx"
TODAY = datetime.date(2026, 11, 23)
# fmt: off
UPPER = (
    "序号", "姓名", "出生年月", "身份证号码", "政治面貌", "教育背景", None, None, "工作单位", "职务",
    "职称", "研究方向/专业领域", "联系方式", None, "获奖及荣誉", "备注",
)
LOWER = (None,) * 5 + ("学历", "学位", "毕业院校及专业") + (None,) * 4 + ("手机", "邮箱", None, None)
# fmt: on
MERGES = ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "F3:H3", "I3:I4", "J3:J4", "K3:K4")
MERGES += ("L3:L4", "M3:N3", "O3:O4", "P3:P4")


def identity(born="19900928", region="500105", order="000"):
    """A made-up identity number with a right check digit."""
    body = f"{region}{born}{order}"
    return body + ric.calc_check_digit(body + "0")


def person(**changes):
    """One row of the form as a list of 16 cells; keywords replace single cells."""
    cells = {
        "number": 1,
        "name": "姜婧彤",
        "birth": "1990年9月",
        "id": identity(),
        "party": "群众",
        "level": "硕士研究生",
        "degree": "工学硕士",
        "school": "重庆大学 机械工程",
        "unit": "重庆市两江半导体研究院",
        "position": "研发工程师",
        "title": "高级工程师",
        "research": "集成电路、人工智能",
        "phone": "14000008387",
        "email": "a@example.cn",
        "honours": None,
        "remark": None,
    }
    unknown = changes.keys() - cells.keys()
    assert not unknown, unknown
    return list((cells | changes).values())


def form(*rows, after=(), extra_sheets=()):
    """The form with its title rows, merged two-row header, the given rows and lines after them."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "信息采集表"
    sheet.append(["两江新区女性科技人才信息采集表（2026年度）"])
    sheet.append(
        ["填报单位：（盖章）      填报人：      联系电话：      填报日期：2026 年 10 月  日"]
    )
    sheet.append(UPPER)
    sheet.append(LOWER)
    for span in MERGES:
        sheet.merge_cells(span)
    sheet.freeze_panes = "C5"
    for row in (*rows, *after):
        sheet.append(row)
    for title in extra_sheets:
        book.create_sheet(title).append(["请勿改动表头"])
    return saved(book)


def table(*rows, sheet_title="Sheet1"):
    """A plain sheet of the given rows, header included."""
    book = openpyxl.Workbook()
    book.active.title = sheet_title
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def parsed(fileobj):
    """The rows of a form, parsed and merged."""
    rows = [parse_row(row, today=TODAY, number=n) for n, row in enumerate(read(fileobj).rows, 1)]
    find_repeats(rows)
    return rows


def only(**changes):
    """The parsed row of a form with one person."""
    (row,) = parsed(form(person(**changes)))
    return row


def problems(row):
    """(level, code, cell) of what is said about a row."""
    return [(problem.level, problem.code, problem.cell) for problem in row.problems]


def big(count):
    """A form of `count` different people, written in constant memory."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet("信息采集表")
    sheet.write_row(0, 0, ["两江新区女性科技人才信息采集表（2026年度）"])
    sheet.write_row(2, 0, UPPER)
    sheet.write_row(3, 0, LOWER)
    start = datetime.date(1960, 1, 1)
    for index in range(count):
        born = start + datetime.timedelta(days=index % 14_000)
        order = f"{index // 14_000 * 20 % 1000:03d}"
        row = person(
            number=index + 1,
            name="王李张刘陈杨黄赵吴周"[index % 10] + chr(0x4E10 + index % 5000),
            birth=f"{born:%Y.%m}",
            id=identity(f"{born:%Y%m%d}", order=order),
            phone=f"1400{index:07d}",
            email=f"t{index}@example.cn",
        )
        sheet.write_row(index + 4, 0, row)
    book.close()
    out.seek(0)
    return out
