"""The form as units send it: every unusual row of the sample, broken files, and the way back."""

import datetime
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from accounts.names import unit_key
from talents.workbook import (
    WorkbookError,
    find_repeats,
    parse_row,
    read,
    reading,
    refused_workbook,
    template_workbook,
    unit_name,
    values,
)
from talents.workbook.units import unit_and_position
from tests.talents.workbooks import LOWER, TODAY, UPPER, big, form, identity, person, saved, table

# What a date cell gives: openpyxl knows no time zone.
DATE_CELL = datetime.datetime(1990, 8, 7)  # noqa: DTZ001
SAMPLE = Path(__file__).parent / "data" / "talent_collection_form.xlsx"


def parsed(fileobj):
    rows = [parse_row(row, today=TODAY) for row in read(fileobj).rows]
    find_repeats(rows)
    return rows


def only(**changes):
    """The parsed row of a form with one person."""
    (row,) = parsed(form(person(**changes)))
    return row


def said(row):
    """(level, code, cell) of what is said about a row."""
    return [(p.level, p.code, p.cell) for p in row.problems]


# --- the sample -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample():
    with SAMPLE.open("rb") as stream:
        return read(stream)


@pytest.fixture(scope="module")
def sample_rows():
    with SAMPLE.open("rb") as stream:
        return {row.row_number: row for row in parsed(stream)}


def test_the_sample_is_found_under_its_two_row_header(sample):
    assert sample.title == "信息采集表"
    assert sample.header.rows == (3, 4)
    assert [(c.letter, c.field) for c in sample.columns] == [
        ("A", "number"),
        ("B", "full_name"),
        ("C", "birth_month"),
        ("D", "id_number"),
        ("E", "political_status"),
        ("F", "education_level"),
        ("G", "degree"),
        ("H", "school_and_major"),
        ("I", "unit_name"),
        ("J", "position"),
        ("K", "professional_title"),
        ("L", "research_fields"),
        ("M", "phone"),
        ("N", "email"),
        ("O", "honours"),
        ("P", "remark"),
    ]
    assert sample.skipped == [(68, "total"), (69, "note")]
    assert sample.other_sheets == ("填表说明", "Sheet3")
    assert len(sample.rows) == 60


# The check digits of this file were computed wrongly for most rows, so nearly every row also
# carries that warning; it is listed apart.
SAMPLE_REFUSED = {
    6: [("birth_month_conflict", "C6")],
    16: [("not_a_woman", "D16"), ("birth_month_conflict", "C16")],
    21: [("formula", "B21")],
    31: [("birth_month_impossible", "C31")],
    38: [("name_missing", "B38")],
    54: [("id_number_as_number", "D54")],
}
RIGHT_CHECK_DIGIT = {15, 18, 32, 34, 35, 44, 53, 63, 67}
SAMPLE_DOUBTS = {
    9: {("warning", "education_level_ambiguous", "F9")},
    24: {("warning", "degree_above_level", "G24"), ("warning", "sensitive_remark", "P24")},
    32: {("warning", "degree_above_level", "G32")},
    39: {("info", "repeats_refused_row", "D39")},
    43: {("warning", "phone_landline", "M43")},
    48: {
        ("warning", "education_level_ambiguous", "F48"),
        ("info", "overseas_from_school", "H48"),
    },
    63: {
        ("warning", "education_level_ambiguous", "F63"),
        ("warning", "sensitive_remark", "P63"),
    },
}
SENSITIVE = (6, 14, 20, 24, 28, 29, 30, 41, 49, 60, 62, 63)


def test_the_sample_refuses_exactly_six_rows(sample_rows):
    refused = {
        number: [(p.code, p.cell) for p in row.problems if p.level == "error"]
        for number, row in sample_rows.items()
        if row.refused
    }
    assert refused == SAMPLE_REFUSED
    assert [r.merge_with for r in sample_rows.values()] == [None] * 60


def test_the_sample_is_doubted_where_it_should_be(sample_rows):
    for number, expected in SAMPLE_DOUBTS.items():
        doubts = {d for d in said(sample_rows[number]) if d[1] != "id_number_check_digit"}
        assert doubts == expected, number
    ordinary = set(sample_rows) - set(SAMPLE_DOUBTS) - set(SAMPLE_REFUSED)
    left = {
        code
        for number in ordinary
        for _level, code, _cell in said(sample_rows[number])
        if code not in ("id_number_check_digit", "sensitive_remark", "overseas_from_school")
    }
    assert left == set()
    private = (n for n, r in sample_rows.items() if "sensitive_remark" in str(said(r)))
    assert tuple(private) == SENSITIVE


def test_the_sample_keeps_only_sound_identity_numbers(sample_rows):
    kept = {n for n, row in sample_rows.items() if row.values["id_number"]}
    assert kept == RIGHT_CHECK_DIGIT
    wrong = {n for n, r in sample_rows.items() if "id_number_check_digit" in str(said(r))}
    assert wrong == set(sample_rows) - RIGHT_CHECK_DIGIT - {54}


@pytest.mark.parametrize(
    ("number", "field", "expected"),
    [
        (5, "birth_month", datetime.date(1990, 9, 1)),
        (7, "birth_month", datetime.date(1967, 12, 1)),
        (8, "birth_month", datetime.date(1967, 5, 1)),
        (9, "birth_month", datetime.date(1988, 4, 1)),
        (12, "birth_month", datetime.date(1963, 2, 1)),
        (19, "birth_month", datetime.date(1990, 8, 1)),
        (64, "birth_month", datetime.date(1996, 10, 1)),
        (11, "full_name", "朱婧"),
        (31, "full_name", "邵昱"),
        (5, "phone", "14000008387"),
        (6, "phone", "14000003963"),
        (9, "phone", "14000009863"),
        (11, "phone", "14000006416"),
        (18, "phone", "14000000592"),
        (43, "phone", ""),
        (7, "email", "T112@example.cn"),
        (6, "email", ""),
        (14, "education_level", "11"),
        (20, "education_level", "11"),
        (26, "education_level", "14"),
        (9, "education_level", ""),
        (28, "title_level", "none"),
        (28, "professional_title", ""),
        (10, "title_level", "senior"),
        (15, "title_level", "associate_senior"),
        (7, "research_fields", ["先进材料", "集成电路", "环境工程"]),
        (13, "unit_name", "西部（重庆）科学城生物医药中心"),
        (8, "overseas_study", True),
        (27, "overseas_study", True),
        (5, "overseas_study", False),
        (5, "consent_noted", True),
        (5, "remark", ""),
        (8, "remark", "留学归国"),
        (14, "remark", ""),
        (8, "political_status", ""),
        (12, "political_status", "10"),
    ],
)
def test_values_of_the_sample(sample_rows, number, field, expected):
    assert sample_rows[number].values[field] == expected


def test_no_sentence_repeats_a_number_or_the_private_remark(sample, sample_rows):
    for row in sample.rows:
        sentences = " ".join(p.message for p in sample_rows[row.number].problems)
        assert not re.search(r"\d{9,}", sentences)
        assert "返岗" not in sentences
        assert str(row.get("id_number")) not in repr(sample_rows[row.number])
        assert str(row.get("phone")) not in repr(row)


# --- finding the table ------------------------------------------------------------------------


def test_columns_may_stand_in_another_order_with_other_words():
    sheet = read(
        table(
            ["某单位人员名单"],
            [],
            ["联系电话（手机）", "单位名称", "*姓名", "出生日期", "身份证号", "电子邮箱", "民族"],
            ["14000001234", "重庆大学", "姜婧彤", "1990-09-28", identity(), "a@b.cn", "汉族"],
        )
    )
    assert [c.field for c in sheet.columns] == [
        "phone",
        "unit_name",
        "full_name",
        "birth_month",
        "id_number",
        "email",
    ]
    assert sheet.ignored == ("民族",)
    row = parse_row(sheet.rows[0], today=TODAY)
    assert (row.row_number, row.values["phone"], row.problems) == (4, "14000001234", [])


def test_the_fullest_visible_sheet_is_read():
    book = openpyxl.Workbook()
    book.active.title = "目录"
    book.active.append(["姓名", "单位"])
    book.active.append(["甲乙", "某所"])
    people = book.create_sheet("人员")
    people.append(["姓名", "手机", "工作单位"])
    people.append(["姜婧彤", 14000001234, "重庆大学"])
    hidden = book.create_sheet("旧表")
    hidden.append(["姓名", "手机", "工作单位", "职称"])
    hidden.append(["不要", 14000001235, "重庆大学", "教授"])
    hidden.sheet_state = "hidden"
    sheet = read(saved(book))
    assert (sheet.title, len(sheet.rows)) == ("人员", 1)


def test_a_header_far_down_and_columns_merged_into_one():
    lead = [[f"第{i}行说明文字"] for i in range(20)]
    header = ["姓名", "学历/学位", "职务/职称", "毕业院校", "所学专业", "电话"]
    people = ["姜婧彤", "研究生/工学硕士", "所长/研究员", "清华大学", "机械工程", "14000001234"]
    sheet = read(table(*lead, header, people))
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
    assert sheet.skipped == [
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
    assert sheet.hidden_rows == (6,)
    assert "hidden_row" in str(said(parse_row(sheet.rows[1], today=TODAY)))
    assert "hidden_row" not in str(said(parse_row(sheet.rows[0], today=TODAY)))


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
        (lambda: "姓名,手机\n".encode("gbk"), "not_xlsx"),
        (lambda: b"<html><table></table></html>", "not_xlsx"),
        (lambda: zipped({"word/document.xml": b"<w/>"}), "not_xlsx"),
        (lambda: OLE, "old_xls"),
        (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (lambda: zipped({"xl/workbook.xml": b"", "xl/vbaProject.bin": b"x"}), "with_macros"),
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


# --- single cells -----------------------------------------------------------------------------


def month(raw):
    result = values.birth_month(raw, today=TODAY)
    return result.value, [note[1] for note in result.notes]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1990年9月", (1990, 9)),
        ("1990 年 09 月 28 日", (1990, 9)),
        ("1967.12", (1967, 12)),
        (1967.05, (1967, 5)),
        (1977.01, (1977, 1)),
        (1963.2, (1963, 2)),
        ("1963.1", (1963, 1)),
        ("1988-04-01", (1988, 4)),
        ("1988/4/1", (1988, 4)),
        (DATE_CELL, (1990, 8)),
        ("196302", (1963, 2)),
        (196302, (1963, 2)),
        (196302.0, (1963, 2)),
        ("１９６３．０２", (1963, 2)),
        ("19630207", (1963, 2)),
        ("'1990.09", (1990, 9)),
        ("1990年9月生", (1990, 9)),
    ],
)
def test_birth_month(raw, expected):
    assert month(raw) == (datetime.date(*expected, 1), [])


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("1975.13", "birth_month_impossible"),
        (1975.13, "birth_month_impossible"),
        ("197500", "birth_month_impossible"),
        ("2030.01", "birth_month_out_of_range"),
        ("1890.01", "birth_month_out_of_range"),
        ("2025.01", "birth_month_out_of_range"),
        ("1990-02-30", "birth_month_unreadable"),
        ("九零年", "birth_month_unreadable"),
        (1967.123, "birth_month_unreadable"),
        (True, "birth_month_unreadable"),
        (float("nan"), "birth_month_unreadable"),
        (float("inf"), "birth_month_unreadable"),
        (1990, "birth_month_year_only"),
    ],
)
def test_a_birth_month_that_cannot_be(raw, code):
    assert month(raw) == (None, [code])


def test_an_excel_serial_number_is_a_date():
    assert month(33144) == (datetime.date(1990, 9, 1), ["birth_month_serial"])


def test_a_lost_zero_is_settled_by_the_identity_number():
    assert only(birth=1963.1, id=identity("19631002")).values["birth_month"].month == 10
    assert only(birth=1963.1, id=identity("19630102")).values["birth_month"].month == 1
    assert only(birth=1963.1, id=identity("19630102")).problems == []
    row = only(birth=1963.1, id=None)
    assert row.values["birth_month"] == datetime.date(1963, 10, 1)
    assert said(row) == [("warning", "birth_month_ambiguous", "C5")]


def test_a_sound_identity_number_wins_over_the_birth_month():
    row = only(birth="1990.08", id=identity("19900928"))
    assert row.values["birth_month"] == datetime.date(1990, 9, 1)
    assert said(row) == [("warning", "birth_month_corrected", "C5")]
    assert row.problems[0].message == (
        "C5 的出生年月（1990年8月）与 D5 身份证号（1990年9月）不一致，按身份证号录入，请核对。"
    )
    assert only(birth=None, id=identity("19900928")).values["birth_month"].month == 9
    assert said(only(birth="1989.09", id=identity("19900928")))[0][1] == "birth_month_corrected"
    assert said(only(birth="1989.08", id=identity("19900928"))) == [
        ("error", "birth_month_conflict", "C5")
    ]


@given(
    year=st.integers(1930, 2005),
    number=st.integers(1, 12),
    day=st.integers(1, 28),
    style=st.sampled_from(
        [
            "{y}年{m}月",
            "{y}年{m:02d}月{d}日",
            "{y}.{m:02d}",
            "{y}-{m}-{d}",
            "{y}/{m:02d}/{d:02d}",
            "{y}{m:02d}",
            "{y}{m:02d}{d:02d}",
            " {y} . {m:02d} ",
        ]
    ),
    wide=st.booleans(),
)
def test_every_written_birth_month_is_read(year, number, day, style, wide):
    text = style.format(y=year, m=number, d=day)
    if wide:
        text = text.translate({ord("0") + i: ord("０") + i for i in range(10)})
    assert month(text) == (datetime.date(year, number, 1), [])


@given(year=st.integers(1930, 2005), number=st.integers(1, 12))
def test_a_birth_month_as_a_number(year, number):
    result = values.birth_month(float(f"{year}.{number:02d}"), today=TODAY)
    assert result.value == datetime.date(year, number, 1)
    assert result.ambiguous == (number == 10)


anything = st.one_of(
    st.text(),
    st.text("0123456789.-/年月日 Xx+'０"),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.datetimes(),
)


@given(anything)
def test_no_cell_makes_a_reader_fall(raw):
    assert values.birth_month(raw, today=TODAY).value is None or month(raw)[0].day == 1
    phone = values.phone(raw).value
    assert phone is None or re.fullmatch("1[3-9][0-9]{9}", phone)
    number = values.id_number(raw, today=TODAY).value
    assert number is None or re.fullmatch("[0-9]{17}[0-9X]", number)
    for reader in (values.full_name, values.email, values.remark, values.research_fields):
        reader(raw)


@given(
    digits=st.text("0123456789", min_size=9, max_size=9),
    second=st.sampled_from("3456789"),
    prefix=st.sampled_from(["", "+86", "+86 ", "86", "0086-", "'"]),
    blank=st.sampled_from(["", " ", "-", "\u3000"]),
    wide=st.booleans(),
)
def test_every_written_mobile_number_is_read(digits, second, prefix, blank, wide):
    number = f"1{second}{digits}"
    text = prefix + blank.join((number[:3], number[3:7], number[7:]))
    if wide:
        text = text.translate({ord("0") + i: ord("０") + i for i in range(10)})
    result = values.phone(text)
    assert (result.value, result.notes) == (number, [])
    assert values.phone(int(number)).value == number
    assert values.phone(float(number)).value == number


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        ("023-63000000", None, "phone_landline"),
        ("023-6300000", None, "phone_landline"),
        ("（023）63000000转802", None, "phone_landline"),
        ("63000000", None, "phone_landline"),
        ("1400000838", None, "phone_unreadable"),
        ("+86 23 63000000", None, "phone_landline"),
        ("140000083877", None, "phone_unreadable"),
        ("请问人事", None, "phone_unreadable"),
        ("14000008387/14000008388", "14000008387", "phone_several"),
        ("023-63000000、14000008387", "14000008387", "phone_several"),
        ("14000008387/14000008387", "14000008387", None),
        ("暂无", None, None),
        ("/", None, None),
        (None, None, None),
    ],
)
def test_phone(raw, value, code):
    result = values.phone(raw)
    assert (result.value, [n[1] for n in result.notes]) == (value, [code] if code else [])


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        ("朱 婧", "朱婧", None),
        ("朱　婧", "朱婧", None),
        ("阿依古丽•买买提", "阿依古丽·买买提", None),
        ("阿依古丽.买买提", "阿依古丽·买买提", None),
        ("王芳（女）", "王芳", None),
        ("Anna Müller", "Anna Müller", None),
        ("㐂子𠮷", "㐂子𠮷", None),
        ("王?", None, "name_lost_character"),
        ("王芳1", None, "name_digits"),
        ("王芳１", None, "name_digits"),
        ("王", None, "name_too_short"),
        ("王" * 31, None, "name_too_long"),
        ("=SUM(A1)", None, "name_unreadable"),
        ("王芳、李丽", None, "name_unreadable"),
        ("王芳Lily", None, "name_unreadable"),
        ("/", None, "name_missing"),
        (None, None, "name_missing"),
    ],
)
def test_full_name(raw, value, code):
    result = values.full_name(raw)
    assert (result.value, [n[1] for n in result.notes]) == (value, [code] if code else [])


def with_wrong_digit(number):
    return number[:-1] + ("1" if number[-1] != "1" else "2")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (identity()[:-1], "id_number_malformed"),
        (identity() + "1", "id_number_malformed"),
        (float(identity()[:17] + "0"), "id_number_as_number"),
        ("1.1010819980602E+17", "id_number_as_number"),
        (500105199009280000, "id_number_as_number"),
        ("500105900928000", "id_number_old"),
        (identity("19900230"), "id_number_impossible"),
        (identity("20300101"), "id_number_impossible"),
        (identity(region="990105"), "id_number_impossible"),
        (identity(order="001"), "not_a_woman"),
        (with_wrong_digit(identity()), "id_number_check_digit"),
        ("护照E12345678", "id_number_malformed"),
    ],
)
def test_an_identity_number_that_is_not_taken_over(raw, code):
    result = values.id_number(raw, today=TODAY)
    assert (result.value, [n[1] for n in result.notes]) == (None, [code])
    assert str(raw) not in result.notes[0][2]


def test_identity_numbers_are_folded():
    number = identity("19671209", "110108", "012")
    lower = f" {number[:6]} {number[6:14]} {number[14:]}　".lower()
    wide = number.translate({ord("0") + i: ord("０") + i for i in range(10)})
    for raw in (number, lower, wide, "'" + number):
        assert values.id_number(raw, today=TODAY).value == number
    ending_in_x = next(n for i in range(0, 500, 20) if (n := identity(order=f"{i:03d}"))[-1] == "X")
    for last in ("x", "Ｘ", "×"):
        assert values.id_number(ending_in_x[:-1] + last, today=TODAY).value == ending_in_x


def test_a_number_issued_before_the_county_had_its_code_is_good():
    # 500112 exists since 1997; women born before carry it all the same.
    number = identity("19661002", "500112")
    assert values.id_number(number, today=TODAY).value == number


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        (" T112@Example.CN ", "T112@example.cn", None),
        ("ａ＠ｂ．ｃｎ", "a@b.cn", None),
        ("无", None, None),
        ("a@b", None, "email_unreadable"),
        ("a b.cn", None, "email_unreadable"),
    ],
)
def test_email(raw, value, code):
    result = values.email(raw)
    assert (result.value, [n[1] for n in result.notes]) == (value, [code] if code else [])


def test_research_fields_are_split():
    assert values.research_fields("先进材料、集成电路，AI; deep learning/大数据 机器人") == [
        "先进材料",
        "集成电路",
        "AI",
        "deep learning",
        "大数据",
        "机器人",
    ]
    assert values.research_fields("无") == []


@pytest.mark.parametrize(
    ("text", "kept", "overseas", "consent", "codes"),
    [
        ("同意入库", "", False, True, []),
        ("留学归国，同意入库", "留学归国", True, True, []),
        ("2025年休产假后返岗", "", False, False, ["sensitive_remark"]),
        ("哺乳期；处于孕期；博导", "博导", False, False, ["sensitive_remark"]),
        ("本人不同意入库", "本人不同意入库", False, False, ["consent_refused"]),
        ("博士生导师", "博士生导师", False, False, []),
        ("无", "", False, False, []),
    ],
)
def test_remark(text, kept, overseas, consent, codes):
    result = values.remark(text)
    assert (result.value, result.overseas, result.consent) == (kept, overseas, consent)
    assert [n[1] for n in result.notes] == codes


def test_a_formula_in_any_taken_column_refuses_the_row():
    row = only(number="=ROW()-4", unit="=A1&B1")
    assert said(row) == [("error", "formula", "I5")]
    assert row.problems[0].message == "单元格 I5 是公式，请粘贴为数值。"
    assert only(number="=ROW()-4").problems == []


def test_a_man_by_the_column_of_sexes():
    (row,) = parsed(table(["姓名", "性别", "手机"], ["姜伟", "男", "14000001234"]))
    assert said(row) == [("error", "not_a_woman", "B2")]


def test_a_row_without_number_and_phone_cannot_be_matched():
    assert said(only(id=None, phone=None)) == [("warning", "no_key", "")]


def test_text_that_is_too_long_is_cut_with_a_word():
    row = only(unit="所" * 121, research="、".join("题" * n for n in range(1, 23)))
    assert row.values["unit_name"] == "所" * 120
    assert row.values["research_fields"] == ["题" * n for n in range(1, 21)]
    assert said(row) == [
        ("warning", "too_long", "I5"),
        ("warning", "research_fields_too_long", "L5"),
    ]


# --- units ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重庆市两江半导体研究院", "重庆两江半导体研究院"),
        ("重庆市两江半导体研究院 ", "两江半导体研究院"),
        ("西部(重庆)科学城生物医药中心", "西部（重庆）科学城生物医药中心"),
        ("西部(重庆市)科学城生物医药中心", "西部（重庆）科学城生物医药中心"),
        ("重庆明月湖机器人有限责任公司", "重庆明月湖机器人有限公司"),
        ("TU München", "tu münchen"),
    ],
)
def test_spellings_of_one_unit(one, other):
    assert unit_key(one) == unit_key(other)


@pytest.mark.parametrize(
    ("text", "unit", "position"),
    [
        ("重庆大学 教授", "重庆大学", "教授"),
        ("重庆大学机械学院院长", "重庆大学机械学院", "院长"),
        ("重庆金山医疗机器人实验室研发工程师", "重庆金山医疗机器人实验室", "研发工程师"),
        ("两江半导体研究院所长", "两江半导体研究院", "所长"),
        ("重庆礼嘉医院", "重庆礼嘉医院", ""),
        ("自由职业", "自由职业", ""),
    ],
)
def test_unit_and_position_in_one_column(text, unit, position):
    assert unit_and_position(text) == (unit, position)
    (row,) = parsed(table(["姓名", "单位及职务", "手机"], ["王芳", text, "14000001234"]))
    assert (row.values["unit_name"], row.values["position"]) == (unit, position)


def test_the_second_education_is_named_among_what_is_left_out():
    sheet = read(
        table(
            ["姓名", "全日制教育", None, "在职教育", None, "手机"],
            [None, "学历", "毕业院校", "学历", "毕业院校", None],
            ["王芳", "大学", "重庆大学", "研究生", "西南大学", "14000000011"],
        )
    )
    assert sheet.header.rows == (1, 2)
    assert sheet.ignored == ("在职教育·学历", "在职教育·毕业院校")


def test_different_units_stay_apart():
    names = ["重庆大学", "西南大学", "重庆医科大学", "西部（重庆）科学城", "重庆科学城", "重庆银行"]
    assert len({unit_key(name) for name in names}) == len(names)
    assert unit_key("西部（重庆）科学城") == "西部重庆科学城"
    assert unit_name(" 西部(重庆) 科学城　") == "西部（重庆）科学城"


# --- the same person twice --------------------------------------------------------------------


def test_the_same_number_twice_is_merged_into_the_first():
    first, later = parsed(
        form(
            person(email=None, research="人工智能"),
            person(email="b@example.cn", phone="14000000001", research="大数据", remark="同意入库"),
        )
    )
    assert (first.merge_with, later.merge_with) == (None, 5)
    assert first.values["email"] == "b@example.cn"
    assert first.values["phone"] == "14000008387"
    assert first.values["research_fields"] == ["人工智能", "大数据"]
    assert first.values["consent_noted"] is True
    assert said(later) == [("info", "merged", "D6"), ("warning", "merged_differs", "")]
    assert later.problems[1].message == "与第5行的手机不同，以第5行为准，请核对。"


def test_name_and_phone_tell_the_same_person_and_chains_end_at_the_first():
    rows = parsed(
        form(
            person(id=None, unit="重庆市两江半导体研究院"),
            person(unit="两江半导体研究院"),
            person(phone=None),
        )
    )
    assert [row.merge_with for row in rows] == [None, 5, 5]
    assert rows[0].values["id_number"] == identity()
    assert "merged_differs" not in str(said(rows[1]))


def test_conflicts_refuse_both_rows():
    rows = parsed(form(person(), person(name="毛静洁", phone="14000000001")))
    assert [said(row) for row in rows] == [
        [("error", "id_number_of_two", "D5")],
        [("error", "id_number_of_two", "D6")],
    ]
    rows = parsed(form(person(), person(id=identity("19900930"))))
    assert [said(row) for row in rows] == [
        [("error", "two_id_numbers", "D5")],
        [("error", "two_id_numbers", "D6")],
    ]


def test_a_phone_shared_by_two_women_is_only_doubted():
    rows = parsed(form(person(), person(name="毛静洁", id=identity("19900930"))))
    assert [said(row) for row in rows] == [[], [("warning", "phone_shared", "M6")]]


# --- the way back -----------------------------------------------------------------------------


def test_refused_rows_come_back_corrected():
    rows = [row for row in parsed(io.BytesIO(SAMPLE.read_bytes())) if row.refused]
    out = io.BytesIO()
    refused_workbook(rows, out)
    out.seek(0)
    again = read(out)
    assert again.header.rows == (3, 4)
    assert [c.field for c in again.columns] == [c.field for c in rows[0].raw.columns]
    assert again.ignored == ()
    # Sent back as it is, it is refused for the same reasons; the formula has become text.
    out.seek(0)
    assert [[p.code for p in r.problems if p.level == "error"] for r in parsed(out)] == [
        ["birth_month_conflict"],
        ["not_a_woman", "birth_month_conflict"],
        ["name_unreadable"],
        ["birth_month_impossible"],
        ["name_missing"],
        ["id_number_as_number"],
    ]
    out.seek(0)
    book = openpyxl.load_workbook(out)
    sheet = book.active
    assert {str(span) for span in sheet.merged_cells.ranges} >= {*MERGED}
    assert sheet["B7"].value.startswith("'=HYPERLINK(")
    assert (sheet["B7"].data_type, sheet["D5"].number_format) == ("s", "@")
    assert sheet["B7"].comment.text == "单元格 B21 是公式，请粘贴为数值。"
    assert sheet["Q3"].value == "退回原因"
    assert sheet["Q7"].value == "原第21行：单元格 B21 是公式，请粘贴为数值。"
    everything = " ".join(str(c.value) for r in sheet.iter_rows() for c in r if c.value)
    assert "返岗" not in everything
    for cell, value in {
        "C5": "1963.04",
        "C6": "1979.02",
        "D6": identity("19790203", "310115", "998"),
        "B7": "顾婷",
        "C8": "1998.02",
        "B9": "钟婷",
        "D10": identity("19980602", "110108"),
    }.items():
        sheet[cell] = value
    corrected = parsed(saved(book))
    assert [row.refused for row in corrected] == [False] * 6
    assert [row.values["full_name"] for row in corrected] == [
        "梁静曦",
        "康洁婷",
        "顾婷",
        "邵昱",
        "钟婷",
        "陈薇妍",
    ]
    assert corrected[4].values["phone"] == "14000005952"
    assert corrected[3].values["consent_noted"] is True


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
