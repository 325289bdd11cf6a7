"""Finding the table in a workbook, and files that are no form."""

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from talents.imports.workbook import WorkbookError, parse_row, read, reading
from tests.talents.imports.workbooks import (
    LOWER,
    TODAY,
    UPPER,
    big,
    form,
    identity,
    person,
    problems,
    saved,
    table,
)


def said(form):
    """What is told of a file as a whole."""
    return [(note.code, note.params) for note in form.notes]


def test_columns_may_stand_in_another_order_with_other_words():
    form = read(
        table(
            ["某单位人员名单"],
            [],
            ["联系电话（手机）", "单位名称", "*姓名", "出生日期", "身份证号", "电子邮箱", "民族"],
            ["14000001234", "重庆大学", "姜婧彤", "1990-09-28", identity(), "a@b.cn", "汉族"],
        )
    )
    (sheet,) = form.tables
    assert [c.field for c in sheet.header.columns] == [
        "phone",
        "unit_name",
        "full_name",
        "birth_month",
        "id_number",
        "email",
    ]
    assert sheet.header.ignored == ("民族",)
    row = parse_row(sheet.rows[0], today=TODAY)
    assert (row.raw.number, row.values["phone"], row.problems) == (4, "14000001234", [])


def test_a_header_far_down_and_columns_merged_into_one():
    lead = [[f"第{i}行说明文字"] for i in range(20)]
    header = ["姓名", "学历/学位", "职务/职称", "毕业院校", "所学专业", "电话"]
    people = ["姜婧彤", "研究生/工学硕士", "所长/研究员", "清华大学", "机械工程", "14000001234"]
    (sheet,) = read(table(*lead, header, people)).tables
    assert sheet.header.rows == (21,)
    row = parse_row(sheet.rows[0], today=TODAY)
    assert row.problems == []
    assert (
        row.values["education_level"],
        row.values["degree"],
        row.values["position"],
        row.values["professional_title"],
        row.values["title_level"],
        row.values["school_and_major"],
    ) == ("14", "3", "所长", "研究员", "senior", "清华大学 机械工程")


def test_rows_that_are_no_people_are_skipped():
    sheet = read(
        form(
            ["例", "张三", "1990.01", None, None, None, None, None, "某单位"],
            person(number=1),
            ["小计", "1人"],
            [],
            UPPER,
            LOWER,
            person(number=2, name="毛静洁"),
            [3],
            ["  "],
            ["合计", "2人"],
            ["注：1.请如实填写"],
            ["2.请在十月底前报送两江新区妇联，逾期不候"],
            ["审核人："],
        )
    )
    assert [row.number for row in sheet.rows] == [6, 11]
    assert [(line, reason) for _sheet, line, reason in sheet.skipped] == [
        (5, "example"),
        (7, "total"),
        (9, "repeated_header"),
        (10, "repeated_header"),
        (14, "total"),
        (15, "note"),
        (16, "note"),
        (17, "note"),
    ]


def test_hidden_rows_are_read_and_noted():
    book = openpyxl.load_workbook(form(person(), person(name="毛静洁", phone="14000000001")))
    book.active.row_dimensions[6].hidden = True
    sheet = read(saved(book))
    assert [row.number for row in sheet.rows if row.hidden] == [6]
    assert said(sheet) == [("hidden_rows", {"count": 1})]
    assert "hidden_row" in str(problems(parse_row(sheet.rows[1], today=TODAY)))
    assert "hidden_row" not in str(problems(parse_row(sheet.rows[0], today=TODAY)))


def test_the_second_education_is_named_among_what_is_left_out():
    (sheet,) = read(
        table(
            ["姓名", "全日制教育", None, "在职教育", None, "手机"],
            [None, "学历", "毕业院校", "学历", "毕业院校", None],
            ["王芳", "大学", "重庆大学", "研究生", "西南大学", "14000000011"],
        )
    ).tables
    assert sheet.header.rows == (1, 2)
    assert sheet.header.ignored == ("在职教育·学历", "在职教育·毕业院校")


def test_a_stray_cell_far_below_is_no_person():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["姓名", "手机", "单位"])
    sheet.write_row(1, 0, ["王芳", 14000001234, "某所"])
    sheet.write(1_000_000, 5, "x")
    book.close()
    out.seek(0)
    assert [row.number for row in read(out).rows] == [2]


# --- files that are no form -------------------------------------------------------------------


def zipped(names, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def bomb():
    return zipped(
        {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * (201 << 20)}
    )


def shared_strings_bomb():
    return zipped({"xl/workbook.xml": b"<workbook/>", "xl/sharedStrings.xml": b" " * (65 << 20)})


def truncated():
    return form(person()).getvalue()[:3000]


def damaged():
    """A good container whose sheet is cut off in the middle."""
    with zipfile.ZipFile(form(person())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:900]
    return zipped(parts)


def many_sheets(count):
    """A good form and sheets beside it."""
    return form(person(), extra_sheets=[f"表{n}" for n in range(count - 1)]).getvalue()


def old_format(change):
    """A form of the old format with something changed."""
    data = bytearray((Path(__file__).parents[1] / "data" / "old_format.xls").read_bytes())
    change(data)
    return bytes(data)


def protect(data):
    """Turn the record behind the first one into that of a password."""
    start = data.index(bytes.fromhex("09081000000605"))
    place = start + 4 + 16
    data[place : place + 2] = b"\x2f\x00"
    data[place + 4 : place + 6] = b"\x01\x00"


def with_entities():
    with zipfile.ZipFile(form(person())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts[
        "xl/worksheets/sheet1.xml"
    ].removeprefix(b"<?xml version='1.0' encoding='UTF-8'?>")
    return zipped(parts)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "empty_file"),
        (lambda: "姓名,手机\n".encode("gbk"), "no_rows"),
        (lambda: b"%PDF-1.7", "not_a_list"),
        (lambda: b"\x89PNG\r\n\x1a\n\x00", "not_a_list"),
        (lambda: "姓名,手机\n".encode() + b"\xff\xff\xff,1", "text_unreadable"),
        (lambda: b"<html><table></table></html>", "not_a_list"),
        (lambda: zipped({"word/document.xml": b"<w/>"}), "not_a_list"),
        (lambda: OLE, "corrupted"),
        (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (lambda: zipped({"xl/workbook.xml": b"", "xl/vbaProject.bin": b"x"}), "with_macros"),
        (lambda: zipped({"xl/workbook.xml": b"", "xl/a/VBAPROJECT.bin": b"x"}), "with_macros"),
        (lambda: zipped({"xl/workbook.xml": b"", "xl/macrosheets/1.xml": b"x"}), "with_macros"),
        (lambda: OLE + "_VBA_PROJECT".encode("utf-16-le"), "with_macros"),
        (lambda: old_format(protect), "encrypted"),
        (lambda: many_sheets(100), "too_many_sheets"),
        (lambda: zipped({"xl/workbook.xml": b"<workbook/>"}), "corrupted"),
        (truncated, "corrupted"),
        (damaged, "corrupted"),
        (with_entities, "corrupted"),
        (bomb, "unpacked_too_large"),
        (shared_strings_bomb, "unpacked_too_large"),
        (lambda: b"PK" + b"\0" * (10 << 20), "too_large"),
        (lambda: table(["随便", "写写"], ["a", "b"]).getvalue(), "no_header"),
        (lambda: table(["手机", "工作单位", "职称"], [1, 2, 3]).getvalue(), "missing_column"),
        (lambda: form().getvalue(), "no_rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(make, code):
    with pytest.raises(WorkbookError) as caught:
        read(io.BytesIO(make()))
    assert caught.value.code == code
    assert re.fullmatch("[^%]*请[^%]*。", str(caught.value))


def test_a_missing_name_column_says_what_was_looked_for():
    with pytest.raises(WorkbookError) as caught:
        read(table(["手机", "工作单位", "职称"], [1, 2, 3]))
    assert str(caught.value) == (
        "第1行的表头里没有“姓名”列（也找过：名字、人员姓名、人才姓名、申报人、申请人姓名）。"
        "现有的列：手机、工作单位、职称。请补上姓名列后重新上传。"
    )


def test_too_many_rows(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    with pytest.raises(WorkbookError) as caught:
        read(big(3))
    assert caught.value.code == "too_many_rows"
    assert len(read(big(2)).rows) == 2
