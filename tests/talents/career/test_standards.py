"""Second-level disciplines and industry divisions: data that fit the levels above, kept with them."""

import pytest
from django.urls import reverse
from django.utils import translation

from talents import codes, operations
from talents.career import standards
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LEVELS = {"discipline_detail": codes.Discipline, "industry_division": codes.Industry}
STUDY = {"education_level": "14", "discipline": "520", "industry": "M"}


@pytest.mark.parametrize(("name", "count"), [("discipline_detail", 738), ("industry_division", 97)])
def test_every_code_stands_below_a_known_one(name, count):
    rows = standards.rows(name)
    assert len(rows) == count
    assert {above for above, _chinese, _english in rows.values()} == set(LEVELS[name].values)
    assert all(chinese and english.isascii() for _above, chinese, english in rows.values())


def test_disciplines_begin_with_their_first_level_and_divisions_are_in_order():
    assert all(
        code[:3] == above for code, (above, *_) in standards.rows("discipline_detail").items()
    )
    divisions = standards.rows("industry_division")
    assert list(divisions) == [f"{number:02}" for number in range(1, 98)]
    assert [above for above, *_ in divisions.values()] == sorted(
        above for above, *_ in divisions.values()
    )


def test_names_are_those_of_the_readers_language():
    assert standards.words("discipline_detail", "52020") == "人工智能"
    with translation.override("en"):
        assert standards.words("industry_division", "73") == "Research and experimental development"
    assert standards.words("industry_division", "x") == "x"


def test_she_says_it_one_level_deeper(client):
    talent = factories.talent()
    client.force_login(talent.user)
    address = reverse("profile_step", args=[3])
    page = client.post(address, STUDY | {"discipline_detail": "51030", "industry_division": "73"})
    assert page.context["form"].errors.keys() == {"discipline_detail"}
    client.post(address, STUDY | {"discipline_detail": "52020", "industry_division": "73"})
    talent.refresh_from_db()
    assert (talent.discipline_detail, talent.industry_division) == ("52020", "73")
    assert "人工智能" in client.get(reverse("profile_confirm")).text


def test_another_first_level_drops_the_second():
    talent = factories.talent(discipline="520", discipline_detail="52020")
    changes = {"discipline": "510"}
    operations.correct(talent=talent, changes=changes, reason="按职称证书更正", by=None, now=NOW)
    talent.refresh_from_db()
    assert (talent.discipline, talent.discipline_detail) == ("510", "")
