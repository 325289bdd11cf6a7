"""Units as people type their names."""

import pytest

from accounts.models import Unit
from tests import factories

pytestmark = pytest.mark.django_db


def test_units_are_suggested_prefixes_first_and_ten_at_most():
    for number in range(12):
        factories.unit(f"重庆两江示例{number:02d}公司")
    factories.unit("两江新区小学")
    names = [unit.name for unit in Unit.objects.suggest("两江")]
    assert (names[0], len(names)) == ("两江新区小学", 10)
    assert [Unit.objects.suggest(typed) for typed in ("  ", "%", "\0", None)] == [[]] * 4


def test_a_unit_is_meant_by_any_of_its_spellings():
    unit = factories.unit("重庆两江半导体研究院")
    assert Unit.objects.spelled(" 重庆市两江半导体研究院 ") == unit
    assert Unit.objects.spelled("两江半导体研究院") == unit
    assert [Unit.objects.spelled(typed) for typed in ("", "礼嘉医院")] == [None, None]
    factories.unit("重庆市两江半导体研究院")
    assert Unit.objects.spelled("重庆两江半导体研究院") is None
