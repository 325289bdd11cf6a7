"""Cells of one row compared with each other."""

import datetime

from tests.talents.imports.workbooks import identity, only, parsed, problems, table


def test_a_lost_zero_is_settled_by_the_identity_number():
    assert only(birth=1963.1, id=identity("19631002")).values["birth_month"].month == 10
    assert only(birth=1963.1, id=identity("19630102")).values["birth_month"].month == 1
    assert only(birth=1963.1, id=identity("19630102")).problems == []
    row = only(birth=1963.1, id=None)
    assert row.values["birth_month"] == datetime.date(1963, 10, 1)
    assert problems(row) == [("warning", "birth_month_ambiguous", "C5")]


def test_a_sound_identity_number_wins_over_the_birth_month():
    row = only(birth="1990.08", id=identity("19900928"))
    assert row.values["birth_month"] == datetime.date(1990, 9, 1)
    assert problems(row) == [("warning", "birth_month_corrected", "C5")]
    assert row.problems[0].message == (
        "C5 的出生年月（1990年8月）与 D5 身份证号（1990年9月）不一致，按身份证号录入，请核对。"
    )
    assert only(birth=None, id=identity("19900928")).values["birth_month"].month == 9
    assert problems(only(birth="1989.09", id=identity("19900928")))[0][1] == "birth_month_corrected"
    assert problems(only(birth="1989.08", id=identity("19900928"))) == [
        ("error", "birth_month_conflict", "C5")
    ]


def test_a_formula_in_any_taken_column_refuses_the_row():
    row = only(number="=ROW()-4", unit="=A1&B1")
    assert problems(row) == [("error", "formula", "I5")]
    assert row.problems[0].message == "单元格 I5 是公式，请粘贴为数值。"
    assert only(number="=ROW()-4").problems == []


def test_a_man_by_the_column_of_sexes():
    (row,) = parsed(table(["姓名", "性别", "手机"], ["姜伟", "男", "14000001234"]))
    assert problems(row) == [("error", "sex_is_male", "B2")]


def test_a_sound_number_of_a_woman_wins_over_the_column_of_sexes_and_that_is_said():
    head = ["姓名", "性别", "身份证号", "手机"]
    (row,) = parsed(table(head, ["姜伟", "男", identity(), "14000001234"]))
    assert problems(row) == [("warning", "sex_from_id", "B2")]
    assert row.problems[0].message == "B2 的性别写的是男，已按 C2 身份证号作女性录入，请核对。"
    (row,) = parsed(table(head, ["姜伟", "女", identity(order="001"), "14000001234"]))
    assert problems(row) == [("error", "not_a_woman", "C2")]


def test_a_month_excel_shortened_is_settled_by_the_number_and_that_is_said():
    row = only(birth=1990.1, id=identity("19901003"))
    assert str(row.values["birth_month"]) == "1990-10-01"
    assert problems(row) == [("info", "birth_month_settled", "C5")]
    assert row.problems[0].message == ("C5 可能是1月也可能是10月，已按 D5 身份证号录入1990年10月。")
    assert problems(only(birth=1990.1, id=identity("19900103"))) == []


def test_a_row_without_number_and_phone_cannot_be_matched():
    assert problems(only(id=None, phone=None)) == [("warning", "no_key", "")]


def test_text_that_is_too_long_is_cut_with_a_word():
    row = only(unit="所" * 121, research="、".join("题" * n for n in range(1, 23)))
    assert row.values["unit_name"] == "所" * 120
    assert row.values["research_fields"] == ["题" * n for n in range(1, 21)]
    assert problems(row) == [
        ("warning", "too_long", "I5"),
        ("warning", "research_fields_too_long", "L5"),
    ]
