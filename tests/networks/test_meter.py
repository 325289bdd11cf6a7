"""Women's share: entered by one, confirmed by another; the ladder, the gap in persons, what is old; activity from facts."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from kernel.errors import DomainError
from kernel.sweeps import sweep
from networks import letters, queue
from networks.meter import activity, candidates, ladder, operations
from networks.meter.models import ShareCount
from notices.models import Notice
from tests import factories
from tests.networks import make
from tests.networks.make import DAY, KEPT, NOW, TODAY
from tests.networks.test_associations import refused

pytestmark = pytest.mark.django_db


def step(of, rung="council", day=TODAY):
    return next(one for one in ladder.of(of, day) if one.rung == rung)


# --- counts ----------------------------------------------------------------------------------------
def test_who_is_in_office_enters_and_somebody_of_the_department_confirms():
    held = make.chair()
    chair, clerk = held.talent.user, factories.staff("department_clerk")
    said = {"rung": "leader", "total": 5, "women": 1, "as_of": date(2026, 9, 1), "source": "名册"}
    about = {"association": held.association, **said}
    count = operations.enter_count(**about, by=chair, now=NOW)
    assert (ladder.of(held.association, TODAY), queue.counts(clerk, NOW).count) == ([], 1)
    for who in (chair, factories.staff("department_clerk", department_code="science_innovation")):
        with pytest.raises(DomainError), transaction.atomic():
            operations.confirm_count(count=count, by=who, now=NOW)
    for _twice in range(2):
        operations.confirm_count(count=count, by=clerk, now=NOW)
    assert step(held.association, "leader").count.percent == 20.0


def test_nobody_confirms_what_she_entered():
    clerk, of = factories.staff("department_clerk"), make.association()
    count = make.count_of(of)
    ShareCount.objects.update(entered_by=clerk)
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        operations.confirm_count(count=make.fresh(count), by=clerk, now=NOW)
    assert (refusal.value.code, queue.counts(clerk, NOW).count) == ("own_count", 0)
    with pytest.raises(DatabaseError, match="share_count_by_two"), transaction.atomic():
        ShareCount.objects.update(state="confirmed", decided_by=clerk, decided_at=NOW)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"women": 41}, ("women_above_total", "women")),
        ({"women": -1}, ("women_missing", "women")),
        ({"total": 0, "women": 0}, ("total_missing", "total")),
        ({"as_of": TODAY + DAY}, ("as_of_when", "as_of")),
        ({"as_of": date(2016, 5, 19)}, ("as_of_when", "as_of")),
        ({"source": " "}, ("source_missing", "source")),
        ({"rung": "king"}, ("rung_missing", "rung")),
    ],
)
def test_a_count_that_cannot_be_is_one_sentence_and_no_row(fields, told):
    said = {"rung": "council", "total": 40, "women": 9, "as_of": TODAY, "source": "名册"}
    answer = refused(operations.enter_count, association=make.association(), **said | fields)
    assert (answer, ShareCount.objects.count()) == (told, 0)


def test_the_database_refuses_more_women_than_people_and_a_rewritten_count():
    make.confirmed(make.association())
    for change, match in (
        ({"women": 41}, "share_count|withdrawn"),
        ({"total": 41}, "withdrawn"),
        ({"source": "另一份"}, "withdrawn"),
        ({"state": "refused"}, "share_count_decided"),
    ):
        with pytest.raises(DatabaseError, match=match), transaction.atomic():
            ShareCount.objects.update(**change)


def test_a_wrong_one_is_withdrawn_and_the_one_before_is_shown_again():
    of = make.association()
    make.confirmed(of, as_of=date(2025, 12, 31), women=8)
    wrong = make.confirmed(of, women=20)
    assert refused(operations.enter_count, association=of, **COUNT) == ("count_twice", "as_of")
    assert step(of).count.women == 20
    operations.withdraw_count(count=wrong, reason="与名册不符", **KEPT)
    assert step(of).count.women == 8
    make.confirmed(of, women=9)
    assert step(of).count.women == 9


COUNT = {"rung": "council", "total": 40, "women": 9, "as_of": date(2026, 6, 30), "source": "名册"}


# --- the ladder ------------------------------------------------------------------------------------
def test_the_gap_is_in_persons_and_older_than_eighteen_months_is_old():
    of = make.association()
    make.confirmed(of, total=41, women=9)
    for percent, gap in ((22, 1), (30, 4), (21, 0), (100, 32)):
        said = {"rung": "council", "percent": percent, "source": "章程"}
        operations.set_target(association=of, **said, **KEPT)
        assert step(of).gap == gap
    days = [date(2027, 12, 30), date(2027, 12, 31)]
    assert [step(of, day=day).is_old for day in days] == [False, True]


def test_a_rung_is_compared_with_what_it_was_in_the_last_term():
    of = make.association()
    make.term(of, 1, date(2020, 6, 20))
    make.term(of, 2, date(2024, 6, 20))
    make.confirmed(of, as_of=date(2022, 1, 1), women=4)
    make.confirmed(of, as_of=date(2024, 6, 19), women=6)
    make.confirmed(of, as_of=date(2026, 6, 30), women=9)
    assert (step(of).before.women, step(of).change) == (6, 7.5)


def test_women_who_fit_are_listed_of_its_disciplines_and_not_there_already():
    held = make.chair(make.association(disciplines=["510"]))
    listed = factories.talent(discipline="510")
    for one in (listed, held.talent):
        factories.consent(one.user, "talent_database")
        type(one).objects.filter(pk=one.pk).update(discipline="510")
    other = factories.talent(discipline="520")
    factories.consent(other.user, "talent_database")
    factories.talent(discipline="510")  # agrees to nothing
    found = candidates.who_fit(held.association, "leader", TODAY)
    assert list(found) == [listed]


# --- what it did -----------------------------------------------------------------------------------
def test_events_members_who_came_and_meetings_are_facts():
    of = make.association()
    begin = NOW - 20 * DAY
    there = {"state": "attended", "checked_in_at": begin}
    event = factories.event(starts_at=begin)
    operations.link_event(association=of, event=event, **KEPT)
    assert refused(operations.link_event, association=of, event=event) == ("event_twice", "event")
    draft = factories.event(state="draft")
    assert refused(operations.link_event, association=of, event=draft) == (
        "event_missing",
        "event",
    )
    for joined_on, came in ((date(2024, 1, 1), True), (date(2024, 1, 1), False)):
        booked = factories.booking(event, make.member(of, joined_on=joined_on).talent, begin - DAY)
        if came:
            type(booked).objects.filter(pk=booked.pk).update(**there)
    stranger = factories.booking(event, now=begin - DAY)
    type(stranger).objects.filter(pk=stranger.pk).update(**there)
    said = {"rung": "council", "present": 12, "women": 9, "source": "纪要"}
    meeting = operations.note_meeting(association=of, held_on=date(2026, 10, 1), **said, **KEPT)
    found = activity.of(of, NOW)
    assert (found.events, found.members_present, found.meetings) == (1, 1, 1)
    operations.drop_meeting(meeting=meeting, **KEPT)
    operations.unlink_event(link=of.held_events.get(), **KEPT)
    assert activity.of(of, NOW).events == 0


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"women": 13}, ("women_above_total", "women")),
        ({"present": 0}, ("present_missing", "present")),
        ({"held_on": TODAY + DAY}, ("held_when", "held_on")),
        ({"rung": "leader"}, ("rung_missing", "rung")),
        ({"source": ""}, ("source_missing", "source")),
    ],
)
def test_a_meeting_that_cannot_be_is_one_sentence(fields, told):
    said = {"rung": "council", "held_on": TODAY, "present": 12, "women": 9, "source": "纪要"}
    answer = refused(operations.note_meeting, association=make.association(), **said | fields)
    assert answer == told


def test_after_180_silent_days_it_is_asked_once_and_again_after_180_more():
    clerk = factories.staff("department_clerk")
    of = make.association()
    said = {"rung": "council", "present": 12, "women": 9, "source": "纪要"}
    operations.note_meeting(association=of, held_on=TODAY, **said, **KEPT)
    seen = []
    for days in (179, 180, 181, 359, 360):
        now = NOW + days * DAY
        sweep(activity.to_ask(now), operations.ask_silent, "association", now=now)
        asked = Notice.objects.filter(kind="networks.association_silent", recipient=clerk).count()
        seen.append((asked, queue.silent(clerk, now).count))
    assert seen == [(0, 0), (1, 1), (1, 1), (1, 1), (2, 1)]


def test_lists_of_many_ask_as_much_as_of_one(django_assert_num_queries):
    rows = [make.association() for _n in range(3)]
    for of in rows:
        make.term(of)
        make.confirmed(of)
    for some in (rows[:1], rows):
        with django_assert_num_queries(4):
            assert len(ladder.of_many(some, TODAY)) == len(some)


def test_who_is_asked_is_led_to_where_she_goes_on_though_there_is_no_public_page():
    clerk, held = factories.staff("department_clerk"), make.in_office()
    of, now = held.association, timezone.now()
    type(of).objects.update(is_open=False)
    letters.silent(of, timezone.localdate(now), now)
    letters.election_ahead(held.term, 6, timezone.localdate(now), now)
    kinds = ("networks.association_silent", "networks.election_six")
    told = Notice.objects.filter(kind__in=kinds).values_list("recipient", "link")
    assert set(told) == {
        (held.talent.user_id, f"/networks/run/{of.code}/"),
        (clerk.pk, f"/admin/networks/association/{of.pk}/change/"),
        (clerk.pk, f"/admin/networks/term/{held.term_id}/change/"),
    }
