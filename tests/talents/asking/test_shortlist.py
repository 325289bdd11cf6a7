"""The shortlist: fit, then longest not asked; each place explained; the same women as the plain rule finds."""

from datetime import date, timedelta

import pytest

from talents.asking import operations, rules
from talents.asking import shortlist as module
from talents.asking.shortlist import Wanted, card, shortlist
from talents.models import Talent
from tests import factories
from tests.factories import NOW
from tests.talents.asking import make

pytestmark = pytest.mark.django_db
LONG_AGO, LATELY = NOW - timedelta(days=400), NOW - timedelta(days=20)


def names(wanted=None, *, department=None, kind="talk", most=20):
    """Return the names on a shortlist."""
    found = shortlist(
        kind=kind,
        wanted=wanted or Wanted(),
        department=department or factories.department(),
        now=NOW,
        most=most,
    )
    return [place.name for place in found.places]


def test_who_was_never_asked_is_first_and_then_who_has_waited_longest():
    make.woman(full_name="甲", asked_at=LATELY)
    make.woman(full_name="乙", asked_at=LONG_AGO)
    make.woman(full_name="丙")
    assert names() == ["丙", "乙", "甲"]


def test_fit_comes_before_waiting_and_each_place_says_why():
    make.woman(full_name="甲", discipline="520")
    make.woman(full_name="乙", discipline="520", title_level="senior", asked_at=LATELY)
    make.woman(
        full_name="丙",
        discipline="520",
        discipline_detail="52040",
        title_level="senior",
        asked_at=LONG_AGO,
        research_fields=["芯片封装", "测试"],
        unit=factories.unit("重庆示例研究院"),
        professional_title="研究员",
    )
    make.woman(full_name="丁", discipline="430", title_level="senior")
    wanted = Wanted(disciplines=("520",), details=("52040",), levels=("senior",))
    found = shortlist(kind="talk", wanted=wanted, department=factories.department(), now=NOW)
    assert [place.name for place in found.places] == ["丙", "乙", "甲"]
    first = found.places[0]
    assert (first.title, first.unit, first.fields) == (
        "研究员",
        "重庆示例研究院",
        "计算机科学技术、芯片封装、测试",
    )
    assert first.why == (
        "学科：计算机科学技术",
        "二级学科：计算机软件",
        "职称：正高级",
        "上次被邀请：2025年10月",
    )
    assert found.places[2].why == ("学科：计算机科学技术", "还没有被邀请过")


@pytest.mark.parametrize("common", [True, False])
def test_words_are_met_and_where_they_stand_is_said(common, monkeypatch):
    monkeypatch.setattr(module.bigrams, "is_common", lambda model, query: common)
    make.woman(full_name="甲", research_fields=["芯片封装"], asked_at=LATELY)
    make.woman(full_name="乙", unit=factories.unit("重庆芯片公司"))
    make.woman(full_name="丙")
    wanted = Wanted(words="芯片")
    assert names(wanted) == ["乙", "甲"]
    found = shortlist(kind="talk", wanted=wanted, department=factories.department(), now=NOW)
    assert [place.why[0] for place in found.places] == ["档案里有“芯片”", "研究方向：芯片封装"]


def test_several_disciplines_and_industries_are_read_together():
    make.woman(full_name="甲", discipline="520", industry="I", asked_at=LONG_AGO)
    make.woman(full_name="乙", discipline="430", industry="I")
    make.woman(full_name="丙", discipline="430", industry="C")
    make.woman(full_name="丁", discipline="510", industry="C")
    assert names(Wanted(disciplines=("520", "430"))) == ["乙", "丙", "甲"]
    assert names(Wanted(disciplines=("520", "430"), industries=("I",))) == ["乙", "甲"]
    assert names(Wanted(industries=("I", "C"))) == ["乙", "丙", "丁", "甲"]


def test_another_department_sees_who_agreed_and_no_more_than_her_card():
    hers = make.woman(full_name="甲", phone="14000007711", id_number=None)
    make.woman(full_name="乙")
    make.wish(hers, others=True)
    department = factories.department(make.OTHERS)
    assert names(department=department) == ["甲"]
    shown = card(Talent.objects.get(pk=hers.pk))
    assert "14000007711" not in repr(shown)


def test_whoever_may_not_be_asked_is_left_out_and_the_list_goes_on(monkeypatch):
    """Pages of two: the first ones hold nobody."""
    monkeypatch.setattr(module, "PAGE", 2)
    without = make.woman(full_name="略")
    for _ in range(5):
        operations.stop_asking(talent=make.woman(full_name="停"), by=None, now=NOW)
    make.woman(full_name="甲", asked_at=LONG_AGO)
    make.woman(full_name="乙", asked_at=LONG_AGO)
    make.woman(full_name="丙", asked_at=LATELY)
    wanted = Wanted(without=frozenset([without.pk]))
    assert names(wanted) == ["甲", "乙", "丙"]
    assert names(wanted, most=2) == ["甲", "乙"]
    monkeypatch.setattr(module, "MOST_LOOKED_AT", 4)
    found = shortlist(kind="talk", wanted=wanted, department=factories.department(), now=NOW)
    assert (found.places, found.more) == ([], True)


def test_it_finds_whom_the_plain_rule_finds(monkeypatch):
    """Everybody in every state: the shortlist is the plain rule in the plain order, whatever the size of its pages."""
    monkeypatch.setattr(module, "PAGE", 3)
    for number in range(12):
        make.woman(
            full_name=f"女{number}",
            discipline=("520", "430")[number % 2],
            title_level=("senior", "primary", "")[number % 3],
            asked_at=(None, LONG_AGO, LATELY)[number % 4 % 3],
            paused_at=NOW if number == 5 else None,
            department=factories.department(make.OTHERS) if number == 6 else factories.department(),
        )
    make.woman(full_name="外", user=None, discipline="520")
    make.wish(Talent.objects.get(full_name="女2"), chosen=[])
    factories.consent(Talent.objects.get(full_name="女6").user, "asking")
    department = factories.department()
    wanted = Wanted(disciplines=("520", "430"), levels=("senior",))
    fine = rules.askable(Talent.objects.all(), "talk", department, NOW)
    order = sorted(
        fine,
        key=lambda one: (
            one.title_level != "senior",
            one.asked_at is not None,
            one.asked_at or NOW,
            one.pk,
        ),
    )
    assert names(wanted, most=50) == [one.full_name for one in order]
    assert len(order) == 10


def test_a_kind_she_was_asked_for_counts_for_every_kind():
    her = make.woman()
    with make.another_kind():
        make.wish(her, chosen=["survey", "talk"], most_a_quarter=1)
        make.ask(her, kind="survey")
        assert (names(kind="talk"), names(kind="survey")) == ([], [])


def test_not_before_is_a_day_of_chongqing():
    her = make.woman()
    make.wish(her, not_before=date(2026, 11, 24))
    day_ends = NOW.replace(hour=15, minute=59)
    about = {"kind": "talk", "wanted": Wanted(), "department": her.department}
    assert shortlist(**about, now=day_ends).places == []
    assert len(shortlist(**about, now=day_ends + timedelta(minutes=1)).places) == 1
