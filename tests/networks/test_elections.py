"""Elections: reminded six and three months ahead, called with a surplus and public notice, written by their results."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from calls import operations as calling
from calls.rules import why_not_apply
from kernel.errors import DomainError
from kernel.sweeps import sweep
from networks import queue
from networks.elections import operations
from networks.elections.models import Election, ElectionCall
from networks.members.models import Membership
from networks.posts import operations as posts
from networks.posts.models import Holding, Term
from notices.models import Notice
from tests import factories
from tests.networks import make
from tests.networks.make import DAY, KEPT, NOW, TODAY
from tests.networks.test_associations import refused

pytestmark = pytest.mark.django_db


def told(kind):
    return Notice.objects.filter(kind=f"networks.{kind}").count()


def clock(now):
    """What networks.tasks.follow_associations does with terms, at a moment."""
    today, rows = timezone.localdate(now), Term.objects
    sweep(rows.to_remind(today), operations.remind_of_election, "term", now=now)
    sweep(rows.to_tell(today), operations.tell_overdue, "term", now=now)


# --- ahead and overdue -----------------------------------------------------------------------------
def test_it_is_reminded_six_and_three_months_ahead_and_told_once_when_it_is_overdue():
    clerk, lead = factories.staff("department_clerk"), factories.staff("department_reviewer")
    held = make.chair()
    end = held.term.ends_on  # 19 June 2028
    Membership.objects.update(valid_until=date(2029, 1, 1))
    seen = []
    for day in (
        date(2027, 12, 18),
        date(2027, 12, 19),
        date(2028, 3, 18),
        date(2028, 3, 19),
        end,
        end + DAY,
        end + 60 * DAY,
    ):
        clock(NOW + (day - TODAY))
        seen.append((told("election_six"), told("election_three"), told("election_overdue")))
    # Each reminder goes to the chair and the clerk; what is overdue to the lead and the clerk.
    assert seen == [
        (0, 0, 0),
        (2, 0, 0),
        (2, 0, 0),
        (2, 2, 0),
        (2, 2, 0),
        (2, 2, 2),
        (2, 2, 2),
    ]
    late = NOW + (end + DAY - TODAY)
    assert (
        queue.elections_overdue(clerk, late).count,
        queue.elections_overdue(clerk, NOW).count,
    ) == (
        1,
        0,
    )
    assert Notice.objects.filter(kind="networks.election_overdue", recipient=lead).exists()


def test_a_run_that_was_missed_tells_the_later_reminder_alone():
    factories.staff("department_clerk")
    make.chair()
    clock(NOW + (date(2028, 4, 1) - TODAY))
    assert (told("election_six"), told("election_three")) == (0, 1)


def test_extended_it_is_not_overdue_and_is_reminded_anew(client):
    term = make.term(starts_on=date(2022, 11, 20))
    one = term.association
    page = client.get(one.get_absolute_url()).content.decode()
    assert ("换届超期" in page, Term.objects.overdue(TODAY).count()) == (True, 1)
    posts.extend_term(term=term, until=date(2027, 6, 1), document="批复", **KEPT)
    assert "换届超期" not in client.get(f"{one.get_absolute_url()}?n=2").content.decode()
    assert Term.objects.overdue(TODAY).count() == 0


# --- called ----------------------------------------------------------------------------------------
def test_only_members_stand_and_of_another_call_nobody_is_asked():
    seat = make.seat()
    member = make.member(seat.election.association).talent
    ended = make.member(seat.election.association, valid_until=TODAY - DAY).talent
    codes = [
        getattr(why_not_apply(seat.call, talent, NOW), "code", None)
        for talent in (member, ended, factories.talent())
    ]
    assert codes == [None, "not_member", "not_member"]


def test_a_call_is_prepared_with_its_seats_a_surplus_and_public_notice():
    one = make.election()
    seat = make.seat(one, make.post(one.association, "副会长", seats=3, runs=False))
    call = seat.call
    stages = set(call.stages.values_list("kind", flat=True))
    assert (call.places, call.surplus_percent, call.measure, stages) == (
        3,
        20,
        7,
        {"acceptance", "public_notice", "decision"},
    )
    times = {"opens_at": NOW, "closes_at": NOW + DAY}
    assert refused(operations.prepare_call, election=one, post=seat.post, **times) == (
        "call_prepared",
        "post",
    )
    foreign = make.post(make.association())
    assert refused(operations.prepare_call, election=one, post=foreign, **times) == (
        "post_foreign",
        "post",
    )
    other = make.post(one.association, "秘书长")
    for wrong, told_ in (
        ({"closes_at": NOW}, ("closes_before_opening", "closes_at")),
        ({"surplus_percent": 0}, ("surplus_missing", "surplus_percent")),
    ):
        given = {"election": one, "post": other} | times | wrong
        assert refused(operations.prepare_call, **given) == told_
    assert refused(operations.cancel_election, election=one, reason="会长另有安排") == (
        "call_public",
        None,
    )


# --- written ---------------------------------------------------------------------------------------
def test_the_result_writes_the_post_in_the_new_term_and_the_old_one_gives_way():
    held = make.chair()
    of = held.association
    seat = make.seat(make.election(of, starts_on=date(2026, 12, 1)), held.post)
    first, second = make.candidate(seat), make.candidate(seat)
    later = make.concluded(seat, first, second)
    term = of.terms.get(number=2)
    new = Holding.objects.get(application=first)
    assert (term.starts_on, term.ends_on) == (date(2026, 12, 1), date(2030, 11, 30))
    assert (new.talent, new.first_day, new.last_day) == (first.talent, term.starts_on, term.ends_on)
    held = make.fresh(held)
    assert (held.last_day, held.end_reason, make.fresh(held.term).ends_on) == (
        date(2026, 11, 30),
        "new_term",
        date(2026, 11, 30),
    )
    assert make.fresh(seat.election).term == term
    days = (date(2026, 11, 30), date(2026, 12, 1))
    office = [Holding.objects.in_office(day).get().talent for day in days]
    assert office == [held.talent, first.talent]
    calling.conclude_call(call=seat.call, by=None, now=later)
    assert Holding.objects.count() == 2


def test_without_more_candidates_than_seats_no_result_is_told():
    seat = make.seat()
    row = make.candidate(seat)
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        make.concluded(seat, row, results=("awarded",))
    assert (refusal.value.code, Holding.objects.count(), Term.objects.count()) == (
        "no_surplus",
        0,
        0,
    )
    assert make.fresh(seat.call).state == "open"


def test_who_left_meanwhile_is_not_elected_and_nothing_is_told():
    seat = make.seat()
    first, second = make.candidate(seat), make.candidate(seat)
    Membership.objects.filter(talent=first.talent).update(state="left", left_on=TODAY)
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        make.concluded(seat, first, second)
    assert (refusal.value.code, Holding.objects.count()) == ("not_member", 0)


def test_nobody_is_elected_to_two_posts_of_one_rung():
    one = make.election()
    chair = make.seat(one)
    deputy = make.seat(one, make.post(one.association, "副会长", seats=2, runs=False))
    her, others = make.candidate(chair), [make.member(one.association).talent for _n in range(3)]
    make.concluded(chair, her, make.candidate(chair, others[0]))
    again = make.candidate(deputy, her.talent)
    rest = [make.candidate(deputy, talent) for talent in others[1:]]
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        make.concluded(deputy, again, *rest, results=("awarded", "awarded", "not_awarded"))
    assert (refusal.value.code, Holding.objects.count()) == ("rung_twice", 1)


def test_who_moves_up_from_the_reserve_begins_the_day_she_does():
    seat = make.seat()
    first, second = make.candidate(seat), make.candidate(seat)
    later = make.concluded(seat, first, second)
    held = Holding.objects.get()
    last = timezone.localdate(later) + 5 * DAY
    about = {"by": None, "now": later}
    posts.end_holding(holding=held, last_day=last, reason="void", **about)
    first.refresh_from_db()
    assert first.taken_back_at == later
    at = later + timedelta(days=9)
    given = {"application": make.fresh(second), "reason": "第一名当选无效"}
    with pytest.raises(DomainError, match="公示"), transaction.atomic():
        calling.move_up(**given, by=None, now=at)  # nobody who did not stand in the notice


# --- called off ------------------------------------------------------------------------------------
def test_one_election_at_a_time_behind_the_terms_there_are():
    term = make.term(number=3)
    of = term.association
    for given, told_ in (
        ({"number": 3, "starts_on": date(2026, 12, 1)}, ("term_twice", "number")),
        ({"number": 2, "starts_on": date(2026, 12, 1)}, ("term_number", "number")),
        ({"number": 4, "starts_on": date(2024, 6, 20)}, ("terms_overlap", "starts_on")),
    ):
        assert refused(operations.open_election, association=of, **given) == told_
    one = make.election(of, number=4)
    again = {"association": of, "number": 5, "starts_on": date(2027, 1, 1)}
    assert refused(operations.open_election, **again) == ("election_under_way", None)
    operations.move_election(election=one, starts_on=date(2026, 12, 8), **KEPT)
    operations.cancel_election(election=one, reason="改到明年举行", **KEPT)
    other = make.election(of, number=4)
    assert refused(operations.restore_election, election=one) == ("election_under_way", None)
    operations.cancel_election(election=other, reason="改到明年举行", **KEPT)
    assert operations.restore_election(election=one, **KEPT).is_under_way
    assert (Election.objects.count(), ElectionCall.objects.count()) == (2, 0)
