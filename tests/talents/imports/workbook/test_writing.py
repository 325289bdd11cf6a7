"""The way back: refused rows to correct, and the empty form."""

import io

import openpyxl
import pytest

from talents.imports.workbook import (
    WorkbookError,
    parse_row,
    read,
    refused_workbook,
    template_workbook,
)
from tests.talents.imports.workbooks import (
    SAMPLE,
    TODAY,
    form,
    identity,
    parsed,
    person,
    saved,
    table,
)


def test_refused_rows_come_back_corrected():
    rows = [row for row in parsed(io.BytesIO(SAMPLE.read_bytes())) if row.refused]
    out = io.BytesIO()
    refused_workbook(rows, out)
    out.seek(0)
    again = read(out)
    assert again.tables[0].header.rows == (3, 4)
    assert [c.field for c in again.tables[0].header.columns] == [
        c.field for c in rows[0].raw.columns
    ]
    assert again.tables[0].header.ignored == ()
    # Sent back as it is, it is refused for the same reasons; the formula has become text.
    out.seek(0)
    assert [[p.code for p in r.problems if p.level == "error"] for r in parsed(out)] == [
        ["not_a_woman", "birth_month_conflict"],
        ["name_like_formula"],
        ["name_missing"],
        ["id_number_check_digit"],
        ["id_number_as_number"],
    ]
    out.seek(0)
    book = openpyxl.load_workbook(out)
    sheet = book.active
    assert {str(span) for span in sheet.merged_cells.ranges} >= {*MERGED}
    assert sheet["B6"].value.startswith("'=HYPERLINK(")
    assert (sheet["B6"].data_type, sheet["D5"].number_format) == ("s", "@")
    assert sheet["B6"].comment.text == "单元格 B21 是公式，请粘贴为数值。"
    assert sheet["Q3"].value == "退回原因"
    assert sheet["Q6"].value == "原第21行：单元格 B21 是公式，请粘贴为数值。"
    everything = " ".join(str(c.value) for r in sheet.iter_rows() for c in r if c.value)
    assert "返岗" not in everything
    for cell, value in {
        "C5": "1979.02",
        "D5": identity("19790203", "310115", "998"),
        "B6": "顾婷",
        "B7": "钟婷",
        "D8": identity("19990928", "310115"),
        "D9": identity("19980602", "110108"),
    }.items():
        sheet[cell] = value
    corrected = parsed(saved(book))
    assert [row.refused for row in corrected] == [False] * 5
    names = [row.values["full_name"] for row in corrected]
    assert names == ["康洁婷", "顾婷", "钟婷", "张岚慧", "陈薇妍"]
    assert corrected[2].values["phone"] == "14000005952"


MERGED = ("A3:A4", "B3:B4", "F3:H3", "M3:N3", "P3:P4", "Q3:Q4", "A1:P1")


def test_numbers_and_zeros_survive_the_way_back():
    source = form(
        person(name="王芳1", id="012345678901234567", phone="+86 14000008387", birth=1963.1),
    )
    rows = parsed(source)
    out = io.BytesIO()
    refused_workbook(rows, out)
    sheet = openpyxl.load_workbook(out).active
    assert sheet["D5"].value == "012345678901234567"
    assert sheet["M5"].value == "'+86 14000008387"
    assert sheet["C5"].value == 1963.1
    out.seek(0)
    (again,) = parsed(out)
    assert again.values["phone"] == "14000008387"


def test_the_reason_is_written_for_columns_of_another_layout():
    rows = parsed(
        table(
            ["单位", "姓名", "学历/学位", "毕业院校", "专业", "身份证号"],
            ["某所", "王芳1", "硕士/工学硕士", "清华大学", "机械", identity()],
        )
    )
    out = io.BytesIO()
    refused_workbook(rows, out)
    sheet = openpyxl.load_workbook(out).active
    row = [cell.value for cell in sheet[5]]
    assert row[1:9] == [
        "王芳1",
        None,
        identity(),
        None,
        "硕士/工学硕士",
        "硕士/工学硕士",
        "清华大学 机械",
        "某所",
    ]
    assert sheet["B5"].comment.text == "姓名里有数字，请只填写姓名。"


def test_the_template_is_an_empty_form():
    out = io.BytesIO()
    template_workbook(out)
    out.seek(0)
    with pytest.raises(WorkbookError) as caught:
        read(out)
    assert caught.value.code == "no_rows"
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["信息采集表", "填表说明"]
    sheet = book.active
    lists = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert lists["G5:G1004"] == '"博士,硕士,学士"'
    assert sheet.column_dimensions["D"].width > 20
    for column, value in enumerate(person(), 1):
        sheet.cell(5, column, value)
    (row,) = parsed(saved(book))
    assert row.problems == []


def test_every_choice_of_the_template_is_understood():
    out = io.BytesIO()
    template_workbook(out)
    sheet = openpyxl.load_workbook(out).active
    lists = {
        str(v.sqref)[0]: v.formula1.strip('"').split(",")
        for v in sheet.data_validations.dataValidation
        if v.type == "list"
    }
    rows = [person(party=word) for word in lists["E"]]
    rows += [person(level=word, degree="学士") for word in lists["F"]]
    for row in read(form(*rows)).rows:
        assert parse_row(row, today=TODAY).problems == []
