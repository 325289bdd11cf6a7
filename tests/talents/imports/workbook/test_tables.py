"""Several tables in one file, merged cells, sheets of people: read each, or say which place is not."""

import openpyxl
import pytest

from talents.imports.workbook import WorkbookError, find_repeats, parse_row, read
from tests.talents.imports.workbooks import (
    TODAY,
    form,
    identity,
    only,
    parsed,
    person,
    problems,
    saved,
    table,
)


def sheets(**contents):
    """A workbook with a sheet of rows for each keyword."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in contents.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return saved(book)


def names(file):
    """The people read from a file, with where they stand."""
    file.seek(0)
    rows = [parse_row(row, today=TODAY) for row in read(file).rows]
    return [(row.values["full_name"], row.raw.cell("full_name")) for row in rows]


def said(file):
    """What is told of a file as a whole."""
    file.seek(0)
    return {note.code: note.message for note in read(file).notes}


def refusal(file):
    """Why a file is refused."""
    with pytest.raises(WorkbookError) as refused:
        read(file)
    return refused.value.code, refused.value.problem.params


FIVE = ["王芳", "李敏", "张丽", "刘娜", "陈静"]


def merged(*spans):
    """A list of five women with cells merged downwards."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["序号", "姓名", "工作单位", "毕业院校及专业", "手机"])
    for index, name in enumerate(FIVE):
        first = index == 0
        cells = [index + 1, name, (first and "重庆大学") or None, (first and "西南大学") or None]
        sheet.append([*cells, f"1400000000{index}"])
    for span in spans:
        sheet.merge_cells(span)
    return saved(book)


def test_what_is_merged_is_filled_down_and_said():
    file = merged("C2:C6", "D2:D6")
    rows = parsed(file)
    assert {(r.values["unit_name"], r.values["school_and_major"]) for r in rows} == {
        ("重庆大学", "西南大学")
    }
    assert [p.message for row in rows for p in row.problems if p.code == "filled_down"] == [
        "工作单位、毕业院校及专业与第2行合并，按那一行的内容录入。"
    ] * 4
    assert said(file)["merged_cells"] == "有 4 行的合并单元格已按上方的内容补全，行内有说明。"


def test_cells_that_are_empty_and_not_merged_stay_empty():
    """The control: only the merge says that the value is meant for the rows below."""
    rows = parsed(merged("C2:C3"))
    assert [row.values["unit_name"] for row in rows] == ["重庆大学", "重庆大学", "", "", ""]


def test_two_lines_of_one_person_under_a_merged_name_are_one_person():
    book = openpyxl.load_workbook(
        form(
            person(honours="三八红旗手"),
            [None, None, None, None, *[None] * 10, "巾帼建功标兵", None],
            person(name="毛静洁", phone="14000000001", id=identity(order="002")),
        )
    )
    for column in "ABCDIM":
        book.active.merge_cells(f"{column}5:{column}6")
    first, second, other = parsed(saved(book))
    assert (second.merge_with, other.merge_with) == (first.number, None)
    assert second.differing == {"honours": ("三八红旗手", "巾帼建功标兵")}


def test_a_merged_line_of_nothing_else_is_no_person():
    book = openpyxl.load_workbook(form(person(), [None] * 16, person(name="毛静洁")))
    book.active.merge_cells("I5:I6")
    assert [name for name, _cell in names(saved(book))] == ["姜婧彤", "毛静洁"]


def test_a_second_table_below_is_read_with_its_own_header():
    file = table(
        ["姓名", "手机", "工作单位"],
        ["王芳", "14000000001", "重庆大学"],
        ["合计", 1],
        [],
        ["工作单位", "姓名", "职称", "联系电话"],
        ["西南大学", "李敏", "教授", "14000000002"],
    )
    rows = [parse_row(row, today=TODAY) for row in read(file).rows]
    assert [(r.values["full_name"], r.values["unit_name"], r.values["phone"]) for r in rows] == [
        ("王芳", "重庆大学", "14000000001"),
        ("李敏", "西南大学", "14000000002"),
    ]
    assert rows[1].values["professional_title"] == "教授"
    assert said(file)["several_tables"] == (
        "文件里有几张人员表，已分别按各自的表头读取：工作表“Sheet1”第1行起 1 人、工作表“Sheet1”第5行起 1 人。"
    )


def test_a_second_table_at_the_right_is_read_whether_it_begins_in_the_same_row_or_not():
    left, right = ["序号", "姓名", "手机"], ["序号", "姓名", "工作单位", "手机"]
    same = table(
        [*left, None, *right],
        [1, "王芳", "14000000001", None, 1, "李敏", "重庆大学", "14000000002"],
        [2, "张丽", "14000000003"],
    )
    assert names(same) == [("王芳", "B2"), ("张丽", "B3"), ("李敏", "F2")]
    lower = table(
        left,
        [1, "王芳", "14000000001"],
        [2, "张丽", "14000000003", None, *right],
        [3, "刘娜", "14000000004", None, 1, "李敏", "重庆大学", "14000000002"],
    )
    assert names(lower) == [("王芳", "B2"), ("张丽", "B3"), ("刘娜", "B4"), ("李敏", "F4")]
    touching = table(
        [*left, *right],
        [1, "王芳", "14000000001", 1, "李敏", "重庆大学", "14000000002"],
    )
    assert names(touching) == [("王芳", "B2"), ("李敏", "E2")]


def test_every_visible_sheet_with_people_is_read_and_its_rows_say_which():
    file = sheets(
        一车间=[["姓名", "手机"], ["王芳", "14000000001"]],
        说明=[["请如实填写"]],
        二车间=[["手机", "姓名", "单位"], ["14000000002", "李敏", "重庆大学"]],
    )
    assert names(file) == [("王芳", "一车间!A2"), ("李敏", "二车间!B2")]
    assert said(file)["other_sheets"] == (
        "读取了工作表“一车间、二车间”；这些工作表里没有人员表，未读取：说明。"
    )


def test_repeats_across_sheets_name_the_sheet():
    file = sheets(
        甲=[["姓名", "手机", "职务"], ["王芳", "14000000001", "主任"]],
        乙=[["姓名", "手机", "职务"], ["王芳", "14000000001", "所长"]],
    )
    rows = [parse_row(r, today=TODAY, number=n) for n, r in enumerate(read(file).rows, 1)]
    find_repeats(rows)
    assert [p.message for p in rows[1].problems] == [
        "与工作表“甲”第2行是同一人（姓名和手机号相同），合并为一条。",
        "与工作表“甲”第2行的职务不同，以工作表“甲”第2行为准，请核对。",
    ]


def test_a_hidden_sheet_with_people_is_not_read_and_said():
    book = openpyxl.load_workbook(form(person()))
    hidden = book.create_sheet("旧表")
    hidden.append(["姓名", "手机", "职称"])
    hidden.append(["不要", 14000001235, "教授"])
    hidden.sheet_state = "hidden"
    file = saved(book)
    assert [name for name, _cell in names(file)] == ["姜婧彤"]
    assert said(file)["hidden_sheets"] == (
        "隐藏的工作表“旧表”里也有人员表，没有读取。需要导入的，请取消隐藏后重新上传。"
    )


def test_what_cannot_be_read_is_refused_with_its_place():
    people = [["姓名", "手机"], ["王芳", "14000000001"]]
    assert refusal(sheets(甲=people, 乙=[["李敏", identity()]])) == (
        "sheet_without_header",
        {"sheet": "乙", "line": 1},
    )
    beside = [people[0], [*people[1], None, "李敏", identity()]]
    assert refusal(sheets(甲=beside)) == ("people_outside", {"sheet": "甲", "place": "D2"})
    below = [*people, [], ["手机", "工作单位", "职称"], ["14000000002", "重庆大学", "教授"]]
    assert refusal(sheets(甲=below)) == ("table_without_name", {"sheet": "甲", "line": 4})


def test_columns_with_something_in_them_and_no_header_are_named():
    file = table(["姓名", None, "手机"], ["王芳", "副教授", "14000000001", "共青团员"])
    assert said(file) == {"columns_unheaded": "这些列有内容但没有表头，没有导入：B、D。"}


def test_rows_that_are_no_people_are_told():
    file = form(person(), after=[["合计", "1人"], ["注：请如实填写"]])
    assert said(file)["rows_skipped"] == "这些行是合计、说明或示例，不是人员，没有读取：6、7。"


def test_a_repeated_header_is_one_table():
    file = table(
        ["姓名", "手机"],
        ["王芳", "14000000001"],
        ["姓名", "手机"],
        ["李敏", "14000000002"],
    )
    form_read = read(file)
    assert (len(form_read.tables), said(file)) == (1, {})
    assert names(file) == [("王芳", "A2"), ("李敏", "A4")]


# --- the identity number settles the month -----------------------------------------------------


@pytest.mark.parametrize("birth", ["1975.13", "看不懂", "1890年1月", "#VALUE!", "1990"])
def test_a_sound_identity_number_settles_a_month_that_cannot_be_read(birth):
    row = only(birth=birth)
    assert (row.refused, str(row.values["birth_month"])) == (False, "1990-09-01")
    assert [p.code for p in row.problems] == ["birth_month_from_id"]


def test_without_a_sound_number_a_bad_month_refuses_the_row():
    assert [p.code for p in only(birth="1975.13", id=None).problems] == ["birth_month_impossible"]


def test_a_text_that_may_be_january_or_october_is_a_doubt():
    row = only(birth="1990.1", id=None)
    assert (row.values["birth_month"], problems(row)) == (
        None,
        [("warning", "birth_month_unsure", "C5")],
    )
    assert str(only(birth="1990.1", id=identity("19901003")).values["birth_month"]) == "1990-10-01"
    assert str(only(birth="1990.1", id=identity("19900103")).values["birth_month"]) == "1990-01-01"
