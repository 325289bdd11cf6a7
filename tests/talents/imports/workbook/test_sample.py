"""The form as a unit sent it: every unusual row."""

import datetime
import re

import pytest

from talents.imports.workbook import read
from tests.talents.imports.workbooks import SAMPLE, parsed, problems


@pytest.fixture(scope="module")
def sample():
    with SAMPLE.open("rb") as stream:
        return read(stream)


@pytest.fixture(scope="module")
def sample_rows():
    with SAMPLE.open("rb") as stream:
        return {row.raw.number: row for row in parsed(stream)}


def test_the_sample_is_found_under_its_two_row_header(sample):
    (table,) = sample.tables
    assert (table.sheet, table.header.rows) == ("信息采集表", (3, 4))
    assert [(c.letter, c.field) for c in table.header.columns] == [
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
    assert sample.skipped == [("信息采集表", 68, "total"), ("信息采集表", 69, "note")]
    assert sample.other_sheets == ["填表说明", "Sheet3"]
    assert len(sample.rows) == 60


SAMPLE_REFUSED = {
    16: [("not_a_woman", "D16"), ("birth_month_conflict", "C16")],
    21: [("formula", "B21")],
    38: [("name_missing", "B38")],
    46: [("id_number_check_digit", "D46")],
    54: [("id_number_as_number", "D54")],
}
SAMPLE_DOUBTS = {
    9: {("warning", "education_level_ambiguous", "F9")},
    24: {("warning", "degree_above_level", "G24"), ("warning", "sensitive_remark", "P24")},
    31: {("warning", "birth_month_from_id", "C31")},
    32: {("warning", "degree_above_level", "G32")},
    39: {("info", "merged", "D39"), ("warning", "merged_differs", "")},
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


def test_the_sample_refuses_exactly_five_rows_and_merges_one(sample_rows):
    refused = {
        number: [(p.code, p.cell) for p in row.problems if p.level == "error"]
        for number, row in sample_rows.items()
        if row.refused
    }
    assert refused == SAMPLE_REFUSED
    merged = {row.raw.number: row.merge_with for row in sample_rows.values() if row.merge_with}
    assert merged == {39: sample_rows[6].number}


def test_the_sample_is_doubted_where_it_should_be(sample_rows):
    for number, expected in SAMPLE_DOUBTS.items():
        assert set(problems(sample_rows[number])) == expected, number
    ordinary = set(sample_rows) - set(SAMPLE_DOUBTS) - set(SAMPLE_REFUSED)
    left = {
        code
        for number in ordinary
        for _level, code, _cell in problems(sample_rows[number])
        if code not in ("sensitive_remark", "overseas_from_school")
    }
    assert left == set()
    private = (n for n, r in sample_rows.items() if "sensitive_remark" in str(problems(r)))
    assert tuple(private) == SENSITIVE


def test_the_sample_keeps_only_sound_identity_numbers(sample_rows):
    left_out = {n for n, row in sample_rows.items() if not row.values["id_number"]}
    assert left_out == {16, 46, 54}


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
        (7, "email", "t112@example.cn"),
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
        (13, "unit_name", "西部(重庆)科学城生物医药中心"),
        (31, "unit_name", "西部（重庆）科学城生物医药中心"),
        (31, "birth_month", datetime.date(1998, 2, 1)),
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
