"""Activities of volunteers: hours from check-in and check-out or by the leader's word, confirmed by a colleague."""

from datetime import timedelta

import pytest

from care_points import operations as care_points
from care_points.models import PointsAccount, ServiceHours
from events import operations, rules, volunteering
from events.models import Event
from kernel.errors import Conflict, DomainError, Invalid, Refused
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BEGIN = NOW - 6 * HOUR


def activity(**fields):
    return factories.event(
        **{"kind": "volunteering", "starts_at": BEGIN, "ends_at": BEGIN + 3 * HOUR} | fields
    )


def came(event, *, out=None, late=0 * HOUR, **fields):
    """Return the booking of one who came so late and left after `out`."""
    booking = factories.booking(event, now=BEGIN - HOUR, **fields)
    at = BEGIN + late
    operations.check_in(booking=booking, by=None, now=at)
    if out:
        operations.check_out(booking=booking, by=None, now=BEGIN + out)
    booking.refresh_from_db()
    return booking


@pytest.fixture
def leader():
    return factories.staff("event_organiser")


@pytest.fixture
def reviewer():
    return factories.staff("department_reviewer")


def record(event, hours, by, now=NOW):
    return operations.record_volunteers(event=event, hours=hours, by=by, now=now)


def code_of(call, error=DomainError):
    with pytest.raises(error) as caught:
        call()
    return caught.value.code


def rows():
    fields = ("state", "half_hours", "source")
    return list(ServiceHours.objects.order_by("pk").values_list(*fields))


def points(booking):
    return PointsAccount.objects.look_up(booking.talent).balance


def test_coming_to_serve_earns_nothing_until_the_hours_are_confirmed(leader, reviewer):
    event = activity()
    booking = came(event, out=2 * HOUR)
    assert (points(booking), booking.earned) == (0, None)
    (hours,) = record(event, {booking.code: 4}, leader)
    assert (points(booking), hours.activity, hours.starts_at) == (0, event.title, BEGIN)
    care_points.confirm_hours(hours=hours, by=reviewer, now=NOW)
    assert points(booking) == 40


def test_hours_are_proposed_from_check_in_and_check_out(leader):
    event = activity()
    stayed = came(event, late=HOUR, out=timedelta(hours=2, minutes=50))
    forgot = came(event)
    proposed = {v.booking: v.proposed for v in volunteering.volunteers(event)}
    assert proposed == {stayed: 3, forgot: 0}
    record(event, {stayed.code: 3, forgot.code: 5}, leader)
    assert rows() == [("recorded", 3, "check_in"), ("recorded", 5, "leader")]
    begins = list(ServiceHours.objects.order_by("pk").values_list("starts_at", flat=True))
    assert begins == [BEGIN + HOUR, BEGIN]


def test_the_same_again_changes_nothing_and_other_hours_are_refused(leader):
    event = activity()
    booking = came(event, out=HOUR)
    first = record(event, {booking.code: 2}, leader)
    assert record(event, {booking.code: 2}, leader) == first
    assert code_of(lambda: record(event, {booking.code: 3}, leader), Conflict) == "hours_overlap"
    assert len(rows()) == 1


@pytest.mark.parametrize("half_hours", [0, -1, 7, 50])
def test_impossible_hours_are_refused_and_nobody_s_are_written(leader, half_hours):
    event = activity()
    good, bad = came(event), came(event)
    asked = {good.code: 2, bad.code: half_hours}
    assert code_of(lambda: record(event, asked, leader), Invalid) == "hours_out_of_range"
    assert rows() == []


def test_when_no_hours_can_be_recorded(leader):
    event = activity()
    booking = came(event)
    seated = factories.booking(event, now=BEGIN - HOUR)
    assert code_of(lambda: record(event, {seated.code: 2}, leader)) == "did_not_come"
    early = BEGIN + HOUR
    assert code_of(lambda: record(event, {booking.code: 2}, leader, early)) == "event_not_over"
    Event.objects.filter(pk=event.pk).update(
        state="cancelled", cancelled_at=NOW, cancel_reason="暴雨"
    )
    event.refresh_from_db()
    assert code_of(lambda: record(event, {booking.code: 2}, leader)) == "event_cancelled"
    salon = factories.event(starts_at=BEGIN, ends_at=BEGIN + HOUR)
    assert code_of(lambda: record(salon, {}, leader)) == "not_volunteering"
    assert rows() == []


def test_nobody_records_her_own_hours(leader):
    event = activity()
    own = came(event, talent=factories.talent(user=leader))
    assert code_of(lambda: record(event, {own.code: 2}, leader), Refused) == "record_own_hours"


def test_who_did_not_come_after_all_has_no_hours(leader, reviewer):
    event = activity()
    booking = came(event)
    (hours,) = record(event, {booking.code: 2}, leader)
    correct = {"booking": booking, "outcome": "absent", "reason": "签错了人", "by": leader}
    later = NOW + timedelta(days=1)
    operations.settle_event(event=event, now=later)
    operations.correct_attendance(**correct, now=later)
    assert rows() == [("withdrawn", 2, "leader")]
    operations.correct_attendance(**correct | {"outcome": "attended"}, now=later)
    (hours,) = record(event, {booking.code: 2}, leader, later)
    care_points.confirm_hours(hours=hours, by=reviewer, now=later)
    refused = code_of(lambda: operations.correct_attendance(**correct, now=later), Conflict)
    assert (refused, points(booking)) == ("hours_confirmed", 20)
    care_points.refuse_hours(hours=hours, reason="签错了人", by=reviewer, now=later)
    operations.correct_attendance(**correct, now=later)
    booking.refresh_from_db()
    assert (booking.state, points(booking)) == ("absent", 0)


def test_the_kind_stands_from_the_day_on_and_one_activity_is_one_day():
    event = activity()
    assert rules.why_not_change_kind(event, "salon", NOW).code == "kind_stands"
    assert rules.why_not_change_kind(event, "salon", BEGIN - timedelta(days=3)) is None
    assert rules.why_not_change_kind(event, "volunteering", NOW) is None
    long = Event(kind="volunteering", venue="站", starts_at=BEGIN, ends_at=BEGIN + 13 * HOUR)
    assert [error.code for error in rules.contradictions(long)] == ["service_too_long"]


def test_the_work_queue_counts_activities_without_hours(leader):
    event = activity()
    booking = came(event)
    activity()  # nobody came
    assert list(volunteering.without_hours(Event.objects.all(), NOW)) == [event]
    record(event, {booking.code: 2}, leader)
    assert list(volunteering.without_hours(Event.objects.all(), NOW)) == []


def page(client, event, **typed):
    address = f"/events/{event.code}/door/hours/"
    return client.post(address, typed) if typed else client.get(address)


def test_the_leader_s_page_takes_the_hours(client, leader):
    event = activity()
    stayed, forgot = came(event, out=2 * HOUR), came(event)
    client.force_login(leader)
    text = page(client, event).content.decode()
    assert 'value="2"' in text
    assert "没有签退，或在场不到半小时" in text
    wrong = page(client, event, **{f"hours-{stayed.code}": "2", f"hours-{forgot.code}": "1.3"})
    assert wrong.status_code == 422
    assert 'value="1.3"' in wrong.content.decode()
    for typed in ("-1", "0", "25", "abc", "NaN", "9e99"):
        answer = page(client, event, **{f"hours-{stayed.code}": typed})
        assert answer.status_code == 422
    assert rows() == []
    done = page(client, event, **{f"hours-{stayed.code}": "2", f"hours-{forgot.code}": "1.5"})
    assert done.status_code == 302
    assert rows() == [("recorded", 4, "check_in"), ("recorded", 3, "leader")]
    page(client, event, withdraw=forgot.code)
    assert [row[0] for row in rows()] == ["recorded", "withdrawn"]


def test_an_outsider_does_not_see_the_leader_s_page(client):
    event = activity()
    came(event)
    elsewhere = factories.staff("event_organiser", department_code="science_innovation")
    client.force_login(elsewhere)
    assert page(client, event).status_code == 404
    client.force_login(factories.talent().user)
    assert page(client, event).status_code in (403, 404)
    salon = factories.event(starts_at=BEGIN, ends_at=BEGIN + HOUR)
    client.force_login(factories.staff("event_organiser"))
    assert "这场活动不是志愿服务" in page(client, salon).content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_takes_the_same_queries(people, django_assert_num_queries):
    event = activity()
    for _n in range(people):
        came(event, out=HOUR)
    event = Event.objects.get(pk=event.pk)
    with django_assert_num_queries(4):
        volunteering.volunteers(event)
