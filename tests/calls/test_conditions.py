"""Who may be put forward and how many: said on the call's page, held by the operations, frozen once it is open."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from calls import conditions, operations
from calls.models import Application, Call
from kernel.errors import Conflict, DomainError, Invalid, Refused
from tests import factories
from tests.calls import make
from tests.honours import make as honours

NOW, DAY = factories.NOW, timedelta(days=1)
pytestmark = pytest.mark.django_db
ALL = {
    "subjects": ["person", "collective"],
    "places": 10,
    "unit_quota": 2,
    "sector_quotas": {"enterprise": 5, "school": 3},
    "surplus_percent": 20,
    "women_percent": 60,
    "leaders_percent": 20,
    "leaders_by": "call",
    "award": "三八红旗手",
    "no_repeat": True,
    "cool_down_years": 3,
}


def put_forward(call, talent=None, **about):
    """Return a complete application that says this of whom it puts forward."""
    application = make.begun(call, talent)
    values = {"subject": "person"} | about
    return operations.describe_subject(application=application, values=values, by=None, now=NOW)


def handed_in(call, talent=None, **about):
    return operations.submit_application(
        application=put_forward(call, talent, **about), by=None, now=NOW
    )


def accepted(call, talent=None, **about):
    return operations.accept_application(
        application=handed_in(call, talent, **about), by=None, now=NOW
    )


def of(kind):
    return factories.talent(unit=factories.unit(kind=kind))


def awarded(talent, at, award="三八红旗手"):
    """Let a woman be selected by a call of some time ago."""
    application = make.accepted(make.call(at, award=award), talent, at)
    operations.decide_application(application=application, result="awarded", by=None, now=at)
    operations.conclude_call(call=application.call, by=None, now=at + 11 * DAY)


def test_each_condition_stands_in_words_on_the_calls_page():
    call = make.call(**ALL)
    assert conditions.sentences(call) == [
        "两江新区女性科技人才库里审核通过的人才，可以为：个人、集体。",
        "集体和文明岗的女性不少于 60%。",
        "获得过“三八红旗手”的不再推荐。",
        "获得荣誉后 3 年内不推荐。",
        "每个单位最多受理 2 份。",
        "各类单位最多受理：企业 5 份、学校 3 份。",
        "单位负责人不超过全部名额的 20%。",
        "差额评选：入选和备选合计不超过 12 个。",
        "单位或个人有登记的优先条件、申报截止那天还有效的，审核时会注明；它不代替申报条件，也不改变评分。",
    ]


def test_a_copy_has_the_same_conditions_and_once_open_they_are_frozen():
    call = make.call(**ALL, endorse_by=NOW + 13 * DAY)
    again = {"opens_at": NOW + 300 * DAY, "closes_at": NOW + 310 * DAY}
    copy = operations.copy_call(call=call, by=None, now=NOW, **again)
    assert {name: getattr(copy, name) for name in ALL} == ALL
    assert copy.endorse_by == NOW + 313 * DAY
    changed = dict.fromkeys(("surplus_percent", "women_percent", "cool_down_years"))
    changed |= {"sector_quotas": {}, "subjects": ["post"], "leaders_percent": 50, "award": "别的"}
    changed |= {"leaders_by": "unit", "no_repeat": False, "endorse_by": None}
    for name, value in changed.items():
        with pytest.raises(IntegrityError, match="call_frozen"), transaction.atomic():
            Call.objects.filter(pk=call.pk).update(**{name: value})
    with pytest.raises(Conflict):
        operations.edit_call(call=call, fields={"women_percent": 50}, by=None, now=NOW)
    operations.extend_call(call=call, closes_at=NOW + 14 * DAY, by=None, now=NOW)
    call.refresh_from_db()
    assert call.endorse_by == NOW + 17 * DAY  # units keep their three days


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"subjects": []}, "subjects_missing"),
        ({"surplus_percent": 20, "places": None}, "surplus_without_places"),
        ({"no_repeat": True}, "award_missing"),
        ({"endorse_by": NOW}, "endorsing_before_closing"),
        ({"leaders_percent": 20, "leaders_by": "unit"}, "leaders_without_base"),
        ({"leaders_percent": 20, "leaders_by": "sector"}, "leaders_without_base"),
        ({"sector_quotas": {"moon": 2}}, "sector_unknown"),
    ],
)
def test_conditions_that_contradict_each_other_are_refused(fields, code):
    with pytest.raises(Invalid) as refused:
        make.draft(**fields)
    assert (refused.value.code, Call.objects.count()) == (code, 0)


def test_who_holds_the_honour_is_not_put_forward_again():
    her, year = factories.talent(), timedelta(days=365)
    awarded(her, NOW - 2 * year)
    never = make.call(award="三八红旗手", no_repeat=True)
    cooling = make.call(award="巾帼标兵", cool_down_years=3)
    over = make.call(award="巾帼标兵", cool_down_years=1)
    reasons = [conditions.why_not_again(call, her, NOW) for call in (never, cooling, over)]
    assert [str(reason) if reason else None for reason in reasons] == [
        "2024 年已获得“三八红旗手”，这次不重复推荐。",
        "2024年12月4日 (周三)获得“三八红旗手”，2027年12月4日 (周六)以后可以再次推荐。",
        None,
    ]
    with pytest.raises(Refused, match="不重复推荐"):
        operations.start_application(call=never, talent=her, by=her.user, now=NOW)
    assert operations.start_application(call=over, talent=her, by=her.user, now=NOW).pk


def test_what_the_clock_brought_meanwhile_is_asked_again_when_she_hands_in():
    her = factories.talent()
    application = make.begun(make.call(award="三八红旗手", no_repeat=True), her)
    awarded(her, NOW - 30 * DAY)
    with pytest.raises(Refused, match="不重复推荐"):
        operations.submit_application(application=application, by=her.user, now=NOW)


def test_a_collective_is_named_and_has_its_share_of_women():
    call = make.call(subjects=["collective", "post"], women_percent=60)
    with pytest.raises(Invalid) as refused:
        operations.submit_application(application=put_forward(call), by=None, now=NOW)
    assert refused.value.code == "subject_unfit"
    about = {"subject": "collective", "head_count": 11, "women_count": 6}
    with pytest.raises(Invalid, match="名称"):
        handed_in(call, **about)
    about["collective_name"] = "芯片测试组"
    with pytest.raises(Refused, match="11 人中至少 7 位，现在是 6 位"):
        handed_in(call, **about)
    with pytest.raises(Invalid, match="不能多于总人数"):
        put_forward(call, **about | {"women_count": 12})
    done = handed_in(call, **about | {"women_count": 7})
    assert (done.state, done.puts_forward) == ("submitted", "芯片测试组")
    with pytest.raises(IntegrityError, match="women_among_heads"), transaction.atomic():
        Application.objects.filter(pk=done.pk).update(women_count=12)


def test_a_collective_that_holds_the_award_is_not_put_forward_again():
    unit = factories.unit()
    about = {
        "subject": "post",
        "collective_name": "急诊护理岗",
        "head_count": 8,
        "women_count": 8,
    }
    fields = {"subjects": ["post"], "award": "巾帼文明岗", "no_repeat": True}
    first = accepted(make.call(**fields), factories.talent(unit=unit), **about)
    operations.decide_application(application=first, result="awarded", by=None, now=NOW)
    operations.conclude_call(call=first.call, by=None, now=make.over(first))
    with pytest.raises(Refused, match="“急诊护理岗”已获得“巾帼文明岗”"):
        handed_in(make.call(**fields), factories.talent(unit=unit), **about)
    assert handed_in(make.call(**fields), of("hospital"), **about).state == "submitted"


def test_a_sector_has_its_quota():
    call = make.call(sector_quotas={"school": 1})
    first = accepted(call, of("school"))
    with pytest.raises(Conflict, match="学校最多受理 1 份"):
        accepted(call, of("school"))
    assert accepted(call, of("enterprise")).state == "accepted"
    operations.undo_check(application=first, by=None, now=NOW)
    assert accepted(call, of("school")).state == "accepted"


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"places": 10, "leaders_by": "call"}, ("enterprise", "school", "bank")),
        (
            {"sector_quotas": {"school": 10}, "leaders_by": "sector"},
            ("school", "school", "school"),
        ),
    ],
)
def test_leaders_are_at_most_a_share(fields, kinds):
    call = make.call(leaders_percent=20, **fields)
    rows = [accepted(call, of(kind), is_leader=True) for kind in kinds[:2]]
    with pytest.raises(Conflict, match="不超过 10 份的 20%，最多 2 位"):
        accepted(call, of(kinds[2]), is_leader=True)
    assert accepted(call, of(kinds[2])).state == "accepted"
    operations.undo_check(application=rows[0], by=None, now=NOW)
    assert accepted(call, of(kinds[2]), is_leader=True).state == "accepted"


def test_leaders_are_counted_within_a_unit_when_it_endorses():
    stages = ("endorsement", "acceptance", "decision")
    fields = {"unit_quota": 5, "leaders_percent": 20, "leaders_by": "unit"}
    call, unit = make.call(stages=stages, **fields), factories.unit()
    rows = [handed_in(call, factories.talent(unit=unit), is_leader=True) for _each in range(2)]
    operations.endorse_application(application=rows[0], by=None, now=NOW)
    with pytest.raises(Conflict, match="最多 1 位"):
        operations.endorse_application(application=rows[1], by=None, now=NOW)


def test_the_shortlist_is_places_and_the_surplus():
    call = make.call(places=2, surplus_percent=50)
    rows = [accepted(call) for _each in range(4)]
    about = {"by": None, "now": NOW}
    for row, result in zip(rows, ("awarded", "awarded", "reserve"), strict=False):
        operations.decide_application(application=row, result=result, **about)
    with pytest.raises(Conflict, match="合计不超过 3 个"):
        operations.decide_application(application=rows[3], result="reserve", **about)
    operations.decide_application(application=rows[2], result="not_awarded", **about)
    operations.decide_application(application=rows[3], result="reserve", **about)
    with pytest.raises(DomainError, match="名额只有 2 个"):
        operations.decide_application(application=rows[3], result="awarded", **about)


def test_what_another_app_knows_of_her_counts():
    her = factories.talent()
    award = honours.award(her)
    fields = {"award": award.honour.name, "no_repeat": True}
    with pytest.raises(Refused, match="不重复推荐"):
        operations.start_application(call=make.call(**fields), talent=her, by=her.user, now=NOW)
    honours.revoked(award)
    call = make.call(**fields)
    assert operations.start_application(call=call, talent=her, by=her.user, now=NOW).pk
