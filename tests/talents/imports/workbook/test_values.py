"""Single cells, as people write them."""

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talents.imports.workbook import values
from tests.talents.imports.workbooks import TODAY, identity

# What a date cell gives: openpyxl knows no time zone.
DATE_CELL = datetime.datetime(1990, 8, 7)  # noqa: DTZ001


def month(raw):
    result = values.birth_month(raw, today=TODAY)
    return result.value, [problem.code for problem in result.problems]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1990年9月", (1990, 9)),
        ("1990 年 09 月 28 日", (1990, 9)),
        ("1967.12", (1967, 12)),
        (1967.05, (1967, 5)),
        (1977.01, (1977, 1)),
        (1963.2, (1963, 2)),
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


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("90.10", (1990, 10)),
        ("90年9月", (1990, 9)),
        ("05.03", (2005, 3)),
        ("Oct-90", (1990, 10)),
        ("oct 1990", (1990, 10)),
        ("October 5, 1990", (1990, 10)),
        ("Oct 5, 1990", (1990, 10)),
        ("5-Oct-1990", (1990, 10)),
        ("1990-Oct-05", (1990, 10)),
        ("Sept. 1990", (1990, 9)),
        ("一九九〇年十月", (1990, 10)),
        ("一九九零年十二月二十一日", (1990, 12)),
        ("二○○一年三月", (2001, 3)),
        ("10/1990", (1990, 10)),
        ("09.1990", (1990, 9)),
        ("9月1990年", (1990, 9)),
        ("25/10/1990", (1990, 10)),
        ("10/25/1990", (1990, 10)),
        ("10/10/1990", (1990, 10)),
        ("1990.10.5 00:00:00", (1990, 10)),
        (90.09, (1990, 9)),
    ],
)
def test_months_as_other_programs_and_people_write_them(raw, expected):
    assert month(raw) == (datetime.date(*expected, 1), [])


def test_a_serial_number_may_be_text():
    assert month("33151") == (datetime.date(1990, 10, 1), ["birth_month_serial"])


@pytest.mark.parametrize("raw", ["1990.1", "90.1", 1990.1, 90.1])
def test_the_month_that_lost_its_zero_is_ambiguous(raw):
    result = values.birth_month(raw, today=TODAY)
    assert (result.value, result.ambiguous) == (datetime.date(1990, 10, 1), True)


@pytest.mark.parametrize("raw", ["1990.01", "1990-1", "1990/1", "1990年1月", "1990.1.5"])
def test_january_written_as_january_is_january(raw):
    result = values.birth_month(raw, today=TODAY)
    assert (result.value, result.ambiguous) == (datetime.date(1990, 1, 1), False)


def test_a_day_and_a_month_that_cannot_be_told_apart_are_left_out():
    assert month("05/10/1990") == (None, ["birth_month_order"])


def test_an_excel_serial_number_is_a_date():
    assert month(33144) == (datetime.date(1990, 9, 1), ["birth_month_serial"])


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
    assert (result.value, result.problems) == (number, [])
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
    assert (result.value, [problem.code for problem in result.problems]) == (
        value,
        [code] if code else [],
    )


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
        ("=SUM(A1)", None, "name_like_formula"),
        ("王芳、李丽", None, "name_unreadable"),
        ("王芳Lily", None, "name_unreadable"),
        ("/", None, "name_missing"),
        (None, None, "name_missing"),
    ],
)
def test_full_name(raw, value, code):
    result = values.full_name(raw)
    assert (result.value, [problem.code for problem in result.problems]) == (
        value,
        [code] if code else [],
    )


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
        (identity("20200301"), "id_number_out_of_range"),
        (identity("19050301"), "id_number_out_of_range"),
        (identity(order="001"), "not_a_woman"),
        (with_wrong_digit(identity()), "id_number_check_digit"),
        ("护照E12345678", "id_number_malformed"),
    ],
)
def test_an_identity_number_that_is_not_taken_over(raw, code):
    result = values.id_number(raw, today=TODAY)
    assert (result.value, [problem.code for problem in result.problems]) == (None, [code])
    assert str(raw) not in result.problems[0].message


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
        (" T112@Example.CN ", "t112@example.cn", None),
        ("ａ＠ｂ．ｃｎ", "a@b.cn", None),
        ("无", None, None),
        ("a@b", None, "email_unreadable"),
        ("a b.cn", None, "email_unreadable"),
    ],
)
def test_email(raw, value, code):
    result = values.email(raw)
    assert (result.value, [problem.code for problem in result.problems]) == (
        value,
        [code] if code else [],
    )


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
    assert [problem.code for problem in result.problems] == codes
