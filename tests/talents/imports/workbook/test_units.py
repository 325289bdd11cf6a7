"""Names of units, alone and with a position."""

import pytest

from accounts.names import unit_key
from talents.imports.workbook import unit_name
from talents.imports.workbook.units import unit_and_position
from tests.talents.imports.workbooks import only, parsed, problems, table


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


def test_different_units_stay_apart():
    names = ["重庆大学", "西南大学", "重庆医科大学", "西部（重庆）科学城", "重庆科学城", "重庆银行"]
    assert len({unit_key(name) for name in names}) == len(names)
    assert unit_key("西部（重庆）科学城") == "西部重庆科学城"
    assert unit_name(" 西部(重庆) 科学城　") == "西部(重庆)科学城"


@pytest.mark.parametrize("text", ["重", "😀公司", "。。。", "12345"])
def test_what_is_no_unit_is_a_doubt_that_names_the_cell(text):
    row = only(unit=text)
    assert (row.values["unit_name"], row.refused) == ("", False)
    assert ("warning", "unit_name_unreadable", "I5") in problems(row)
    (said,) = [p.message for p in row.problems if p.code == "unit_name_unreadable"]
    assert said == f"I5 的“{text}”不像单位名称，没有保存；请写单位全称，如“重庆大学”。"
