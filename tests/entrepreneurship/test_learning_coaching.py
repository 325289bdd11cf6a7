"""Coaching: who gives hours and when, what only the two read, points once, times that are proposed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate

from care_points.models import EarningRule, Transfer
from entrepreneurship.learning import operations
from entrepreneurship.learning.models import CoachingHour, CoachingProposal, CoachingTalk
from events import operations as events
from events.models import Booking, Event
from kernel.errors import Conflict, DomainError, Invalid, Refused
from notices.models import Notice
from tests import factories
from tests.entrepreneurship import coaching
from tests.entrepreneurship.coaching import DAY, HOUR, NOW, START

pytestmark = pytest.mark.django_db


def told(user):
    kinds = Notice.objects.filter(recipient=user, kind__startswith="entrepreneurship.")
    return [kind.partition(".")[2] for kind in kinds.order_by("pk").values_list("kind", flat=True)]


def refused(operation, **arguments):
    with pytest.raises(DomainError) as error:
        operation(**arguments)
    return error.value.code


# --- coaches and hours ---------------------------------------------------------------------------------
def test_she_agrees_herself_a_department_takes_it_up_and_only_then_hours_are_published():
    offer = coaching.offered()
    about = {"starts_at": START, "minutes": 60, "topic": "plan", "by": offer.user, "now": NOW}
    assert refused(operations.publish_hour, coach=offer, **about) == "coach_offered"
    clerk = factories.staff("department_clerk", "event_organiser")
    operations.accept_coach(coach=offer, by=clerk, now=NOW)
    hour = operations.publish_hour(coach=offer, **about)
    event = hour.event
    assert (event.kind, event.capacity, event.visibility) == ("coaching", 1, "talents")
    assert (event.leader, event.organiser, event.state) == (offer.user, clerk, "published")
    assert told(offer.user) == ["coach_accepted"]
    with pytest.raises(Refused):
        operations.publish_hour(coach=offer, **about | {"by": clerk})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"starts_at": NOW - DAY}, "hour_in_past"),
        ({"starts_at": NOW + HOUR}, "hour_in_past"),
        ({"starts_at": NOW + 91 * DAY}, "hour_too_far"),
        ({"minutes": 600}, "length_unknown"),
        ({"topic": "policy"}, "topic_unknown"),
    ],
)
def test_an_hour_in_the_past_or_of_no_length_is_a_sentence_and_no_row(change, code):
    of = coaching.coach()
    with pytest.raises(Invalid) as error:
        coaching.hour(of, **change)
    assert (error.value.code, Event.objects.count()) == (code, 0)


def test_overlapping_hours_are_refused_and_the_database_refuses_too():
    first = coaching.hour()
    of = first.coach
    with pytest.raises(Conflict) as error:
        coaching.hour(of, START + HOUR / 2)
    assert (error.value.code, CoachingHour.objects.count()) == ("leader_elsewhere", 1)
    second = coaching.hour(of, START + HOUR)
    with pytest.raises(IntegrityError, match="event_leader_once"), transaction.atomic():
        moved = {"starts_at": START, "booking_closes_at": START, "booking_opens_at": NOW - DAY}
        Event.objects.filter(pk=second.event_id).update(**moved)
    other = coaching.coach()
    assert coaching.hour(other, START).coach == other


def test_no_more_hours_a_month_than_agreed():
    of = coaching.coach(hours_per_month=1)
    first = coaching.hour(of, NOW + DAY)
    assert refused(coaching.hour, of=of, starts_at=NOW + 2 * DAY) == "month_full"
    operations.cancel_hour(hour=first, by=of.user, now=NOW, reason="临时出差")
    coaching.hour(of, NOW + 2 * DAY)


def test_the_coach_books_no_own_hour_and_a_stranger_cancels_none():
    hour = coaching.hour()
    own = hour.coach.user.talent
    about = {"event": hour.event, "talent": own, "by": own.user, "now": NOW}
    assert refused(events.book, **about) == "own_hour"
    other = coaching.coach()
    with pytest.raises(Refused):
        operations.cancel_hour(hour=hour, by=other.user, now=NOW)
    assert Booking.objects.count() == 0


def test_the_coach_hears_once_of_each_change_of_the_seat():
    hour, booking = coaching.booked()
    factories.booking(hour.event)
    for _again in range(2):
        for one in CoachingHour.objects.untold(NOW):
            operations.tell_coach(hour=one, now=NOW)
    assert told(hour.coach.user) == ["coach_accepted", "hour_booked"]
    events.cancel_booking(booking=booking, by=booking.talent.user, now=NOW)  # the next moves up
    for one in CoachingHour.objects.untold(NOW):
        operations.tell_coach(hour=one, now=NOW)
    assert told(hour.coach.user) == ["coach_accepted", "hour_booked", "hour_booked"]


@pytest.mark.parametrize(
    ("mode", "how"),
    [("on_site", "到时间直接去，不用签到。"), ("online", "参加链接开始前半小时出现在活动页面。")],
)
def test_who_has_the_seat_is_sent_to_no_door(client, mode, how):
    hour, booking = coaching.booked(coaching.hour(coaching.coach(mode=mode)))
    told = Notice.objects.get(kind="events.booked").context["how"]["zh-hans"]
    client.force_login(booking.talent.user)
    pages = [
        client.get(path).content.decode() for path in (f"/events/{hour.event.code}/", "/bookings/")
    ]
    assert (told, [page.count("出示") for page in pages]) == (how, [0, 0])


def test_ending_it_cancels_what_is_to_come_and_tells_who_waits_for_an_answer():
    of = coaching.coach()
    asked = coaching.proposal(of)
    hour, booking = coaching.booked(coaching.hour(of))
    operations.end_coaching(coach=of, by=of.user, now=NOW)
    assert coaching.fresh(booking).state == "called_off"
    assert coaching.fresh(asked).state == "lapsed"
    assert coaching.fresh(hour.event).is_cancelled
    assert refused(coaching.hour, of=coaching.fresh(of)) == "coach_ended"


# --- the two -------------------------------------------------------------------------------------------
def test_only_the_two_write_and_it_is_sealed():
    hour, booking = coaching.booked()
    her, about = booking.talent.user, {"hour": hour, "now": NOW}
    operations.write_talk(aims="想谈股权分配", by=her, **about)
    operations.write_talk(aims="教练改不了", next_steps="先写股东协议", by=hour.coach.user, **about)
    talk = CoachingTalk.objects.get()
    assert (talk.aims, talk.next_steps) == ("想谈股权分配", "先写股东协议")
    clerk = factories.staff("department_clerk", "event_organiser", "administrator")
    for outsider in (factories.talent().user, clerk, hour.event.organiser, None):
        with pytest.raises(Refused):
            operations.write_talk(next_steps="x", by=outsider, **about)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM entrepreneurship_coachingtalk t")
        assert "股权".encode().hex() not in cursor.fetchone()[0]


def test_another_with_the_seat_reads_nothing_of_the_one_before(client):
    hour, booking = coaching.booked()
    operations.write_talk(hour=hour, aims="第一位的秘密", by=booking.talent.user, now=NOW)
    second = factories.booking(hour.event)
    events.cancel_booking(booking=booking, by=booking.talent.user, now=NOW)
    pages = {}
    for who in (booking.talent.user, second.talent.user, hour.coach.user, hour.event.organiser):
        client.force_login(who)
        answer = client.get(f"/innovation/learning/coaching/hours/{hour.event.code}/")
        pages[who] = (answer.status_code, "第一位的秘密" in answer.content.decode())
    expected = [(404, False), (200, False), (200, False), (404, False)]
    assert list(pages.values()) == expected


def test_both_say_so_and_the_coach_earns_once():
    hour, booking, talk = coaching.confirmed()
    coach = hour.coach.user.talent
    balance = EarningRule.objects.get(code="coaching").points
    assert coach.points_account.balance == balance
    after = hour.event.ends_at
    for who in (hour.coach.user, booking.talent.user) * 2:
        operations.confirm_hour(hour=hour, says="yes", by=who, now=after)
    assert Transfer.objects.filter(rule__code="coaching").count() == 1
    assert coaching.fresh(booking).state == "attended"
    operations.confirm_hour(hour=hour, says="no", by=booking.talent.user, now=after)
    coach.points_account.refresh_from_db()
    assert (coach.points_account.balance, coaching.fresh(booking).state) == (0, "confirmed")
    operations.confirm_hour(hour=hour, says="yes", by=booking.talent.user, now=after)
    coach.points_account.refresh_from_db()
    assert coach.points_account.balance == balance
    assert coaching.fresh(talk).times_earned == 2


def test_one_word_earns_nothing_and_nobody_says_so_before_it_began():
    hour, booking = coaching.booked()
    about = {"hour": hour, "says": "yes"}
    assert refused(operations.confirm_hour, **about, by=hour.coach.user, now=NOW) == "not_begun"
    operations.confirm_hour(**about, by=hour.coach.user, now=hour.event.ends_at)
    assert Transfer.objects.filter(rule__code="coaching").count() == 0
    assert told(booking.talent.user) == ["hour_confirm"]
    late = hour.event.ends_at + timedelta(days=60)
    assert refused(operations.confirm_hour, **about, by=booking.talent.user, now=late) == "too_late"


def test_a_coach_without_a_record_earns_nothing_and_is_confirmed_all_the_same():
    expert = factories.user("周专家")
    hour, booking = coaching.booked(coaching.hour(coaching.coach(expert)))
    after = hour.event.ends_at
    for who in (expert, booking.talent.user):
        talk = operations.confirm_hour(hour=hour, says="yes", by=who, now=after)
    assert (talk.confirmed_at, talk.earned) == (after, None)


# --- proposed times --------------------------------------------------------------------------------------
def test_three_times_are_proposed_where_none_is_free_and_one_is_taken_with_her_seat():
    of = coaching.coach()
    asked = coaching.proposal(of)
    assert (asked.answer_by - NOW.date()).days == 7  # five working days, from a Monday
    again = {"proposal": asked, "choice": 1, "by": of.user, "now": NOW}
    for _again in range(2):
        asked = operations.accept_proposal(**again)
    hour = asked.hour
    assert (hour.event.starts_at, CoachingHour.objects.count()) == (asked.times[1], 1)
    booking = hour.event.bookings.get()
    assert (booking.talent, booking.state) == (asked.talent, "confirmed")
    assert CoachingTalk.objects.get().aims == "想请教股权怎么分"


def test_a_time_at_which_the_coach_is_elsewhere_is_not_taken():
    of = coaching.coach()
    asked = coaching.proposal(of)
    coaching.booked(coaching.hour(of, asked.times[0]))
    about = {"proposal": asked, "by": of.user, "now": NOW}
    assert refused(operations.accept_proposal, choice=0, **about) == "leader_elsewhere"
    assert refused(operations.accept_proposal, choice=7, **about) == "choice_missing"
    assert (coaching.fresh(asked).state, CoachingHour.objects.count()) == ("open", 1)
    other = coaching.coach()
    with pytest.raises(Refused):
        operations.accept_proposal(proposal=asked, choice=1, by=other.user, now=NOW)


def test_it_is_declined_with_a_listed_reason_or_lapses_after_five_working_days():
    of = coaching.coach()
    asked = coaching.proposal(of)
    about = {"proposal": asked, "by": of.user, "now": NOW}
    assert refused(operations.decline_proposal, reason="不想", **about) == "reason_missing"
    declined = operations.decline_proposal(reason="topic", **about)
    assert (declined.state, told(asked.talent.user)) == ("declined", ["times_declined"])
    second = coaching.proposal(of, asked.talent)
    to_lapse = CoachingProposal.objects.to_lapse
    assert list(to_lapse(localdate(NOW + 7 * DAY))) == []
    assert list(to_lapse(localdate(NOW + 8 * DAY))) == [second]
    for _again in range(2):
        second = operations.lapse_proposal(proposal=second, now=NOW + 8 * DAY)
    assert (second.state, told(asked.talent.user)) == ("lapsed", ["times_declined", "times_lapsed"])
    assert refused(operations.accept_proposal, choice=0, **about | {"proposal": second}) == (
        "proposal_decided"
    )


def test_who_cannot_propose():
    of, woman = coaching.coach(), factories.talent()
    free = coaching.hour(of)
    assert refused(coaching.proposal, of=of, talent=woman) == "hours_free"
    factories.booking(free.event)
    assert refused(coaching.proposal, of=of, talent=of.user.talent) == "own_hour"
    coaching.proposal(of, woman)
    assert refused(coaching.proposal, of=of, talent=woman) == "proposed_already"
    for _number in range(2):
        coaching.proposal(coaching.coach(), woman)
    assert refused(coaching.proposal, of=coaching.coach(), talent=woman) == "too_many_proposals"
    assert CoachingProposal.objects.count() == 3


@pytest.mark.parametrize(
    "times",
    [
        coaching.times()[:2],
        [coaching.times()[0]] * 3,
        coaching.times(NOW - 5 * DAY),
        coaching.times(NOW + 100 * DAY),
        [START, START + HOUR / 2, START + 5 * HOUR],
    ],
)
def test_times_that_are_none(times):
    about = {"topic": "plan", "message": "", "times": times, "by": None, "now": NOW}
    with pytest.raises(Invalid):
        operations.propose_times(coach=coaching.coach(), talent=factories.talent(), **about)
    assert CoachingProposal.objects.count() == 0


# --- pages and copies --------------------------------------------------------------------------------------
def test_on_their_pages_she_books_proposes_and_the_coach_answers(client):
    of, woman = coaching.coach(), factories.talent()
    client.force_login(woman.user)
    page = f"/innovation/learning/coaching/{of.code}/"
    form = {"topic": "plan", "message": "想请教股权", "time_1": "", "time_2": "", "time_3": ""}
    answer = client.post(page, form)
    assert (answer.status_code, "想请教股权" in answer.content.decode()) == (422, True)
    from django.utils import timezone

    start = timezone.localtime() + 3 * DAY
    for number in (1, 2, 3):
        form[f"time_{number}"] = (start + number * DAY).strftime("%Y-%m-%dT10:00")
    assert client.post(page, form).status_code == 302
    client.force_login(of.user)
    shown = client.get("/innovation/learning/coaching/mine/").content.decode()
    assert "想请教股权" in shown
    asked = CoachingProposal.objects.get()
    client.post(f"/innovation/learning/coaching/proposals/{asked.code}/answer/", {"choice": "2"})
    assert coaching.fresh(asked).state == "accepted"


def test_lists_cost_the_same_for_one_and_for_three(client, django_assert_max_num_queries):
    from django.test.utils import CaptureQueriesContext

    counts, woman = [], factories.talent()
    client.force_login(woman.user)
    for _number in range(3):
        coaching.hour(coaching.coach(), starts_at=timezone_start(), now=timezone_start() - DAY)
        with CaptureQueriesContext(connection) as asked:
            client.get("/innovation/learning/coaching/")
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


def timezone_start():
    from django.utils import timezone

    return timezone.now() + 3 * DAY


def test_a_copy_has_her_own_words_and_none_of_the_other():
    hour, booking, _talk = coaching.confirmed()
    about = {"hour": hour, "now": NOW}
    operations.write_talk(aims="她想问的", next_steps="两人写的", by=booking.talent.user, **about)
    from entrepreneurship.learning.personal_data import collect

    def words(user):
        return str([[str(getattr(r, "aims", "")) for r in group.rows] for group in collect(user)])

    assert ("她想问的" in words(booking.talent.user), "她想问的" in words(hour.coach.user)) == (
        True,
        False,
    )
