"""A profile refuses what cannot be: a unit that is none, an age no woman works at, a title and none."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from talents.forms import BirthMonthField, WorkForm
from talents.imports.workbook.units import is_unit_name
from tests import factories

TODAY = datetime.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("重", False),
        ("😀公司", False),
        ("公司★", False),
        ("。。。", False),
        ("12345", False),
        ("重大", True),
        ("IBM", True),
        ("3M中国", True),
        ("重庆示例（集团）有限公司·研究院", True),
        ("中国科学院重庆绿色智能技术研究院", True),
        ("AT&T (China) Co., Ltd.", True),
        ("自由职业", True),
        ("《红岩》杂志社", True),
    ],
)
def test_what_can_be_a_unit(name, sound):
    assert is_unit_name(name) is sound


@pytest.mark.parametrize(
    ("year", "month", "sound"),
    [
        (1920, 1, False),
        (1926, 10, False),
        (1926, 11, True),
        (1990, 3, True),
        (2010, 11, True),
        (2010, 12, False),
        (2013, 1, False),
    ],
)
def test_the_age_of_a_woman_at_work(year, month, sound):
    field = BirthMonthField(today=TODAY)
    if sound:
        assert field.clean([str(year), str(month)]) == datetime.date(year, month, 1)
    else:
        with pytest.raises(ValidationError):
            field.clean([str(year), str(month)])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"professional_title": "教授", "title_level": "none"}, ["title_level"]),
        ({"professional_title": "教授", "title_level": "senior"}, []),
        ({"professional_title": "", "title_level": "none"}, []),
        ({"unit_name": "重"}, ["unit_name"]),
        ({"unit_name": "😀公司"}, ["unit_name"]),
    ],
)
def test_title_and_level_agree_and_the_unit_is_one(values, wrong):
    data = {"unit_name": "重庆大学", "professional_title": "教授", "title_level": ""} | values
    form = WorkForm(data, talent=None, user=factories.user(), today=TODAY)
    assert sorted(form.errors) == wrong


@pytest.mark.django_db
def test_a_unit_of_the_list_is_one_whatever_its_name():
    factories.unit("重")
    data = {"unit_name": "重", "professional_title": "教授", "title_level": ""}
    form = WorkForm(data, talent=None, user=factories.user(), today=TODAY)
    assert form.errors == {}
