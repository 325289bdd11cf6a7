"""An hour of two: its leader is never in two places, books no seat of hers, and the door has nothing to do with it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from events import operations
from events.models import Event
from events.queue import full_events
from kernel.errors import Conflict, Invalid, Refused
from tests import factories

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def coach():
    return factories.talent(full_name="沈教练")


@pytest.fixture
def hour(coach):
    """Return a function that makes an hour of the coach's, published unless it is a draft."""
    staff = factories.staff("event_organiser")

    def make(start=factories.NOW + 3 * DAY + 4 * HOUR, **fields):
        about = {"kind": "coaching", "capacity": 1, "visibility": "talents", "organiser": staff}
        about |= {"leader": coach.user, "starts_at": start, "ends_at": start + HOUR}
        return factories.event(**about | fields)

    return make


def test_two_hours_at_a_time_are_refused_by_the_rule_and_by_the_database(hour):
    first, now = hour(), factories.NOW
    draft = hour(first.starts_at + HOUR / 2, state="draft")
    with pytest.raises(Conflict) as refused:
        operations.publish_event(event=draft, by=None, now=now)
    assert refused.value.code == "leader_elsewhere"
    with pytest.raises(IntegrityError, match="event_leader_once"), transaction.atomic():
        Event.objects.filter(pk=draft.pk).update(state="published", published_at=now)
    after = hour(first.ends_at)  # one ends as the other begins
    with pytest.raises(Conflict):
        changes = {"starts_at": first.starts_at, "ends_at": first.ends_at}
        operations.edit_event(event=after, changes=changes, by=None, now=now)
    for other in (first, after):
        operations.cancel_event(event=other, reason="临时出差", by=None, now=now)
    draft = operations.publish_event(event=draft, by=None, now=now)
    assert draft.is_published


def test_whoever_gives_the_hour_has_no_seat_of_it(hour, coach):
    event = hour()
    for more in ({}, {"exempt": "破例报名试一试"}):
        with pytest.raises(Refused) as refused:
            operations.book(event=event, talent=coach, by=None, now=factories.NOW, **more)
        assert refused.value.code == "own_hour"
    assert event.bookings.count() == 0


def test_the_seat_stays_one_and_stays_hers(hour):
    event, now = hour(), factories.NOW
    booking = factories.booking(event)
    assert factories.booking(event).state == "waitlisted"
    assert full_events(event.organiser, now).count == 0  # nothing that staff could do
    with pytest.raises(Invalid):
        operations.edit_event(event=event, changes={"capacity": 2}, by=None, now=now)
    with pytest.raises(Conflict):
        operations.hand_on(booking=booking, by=booking.talent.user, now=now)
    with pytest.raises(Conflict):
        operations.clone_event(event=event, by=event.organiser, now=now)


def test_the_door_and_the_clock_leave_it_to_the_two(hour):
    event = hour()
    booking, later = factories.booking(event), event.starts_at + 10 * HOUR + DAY
    with pytest.raises(Conflict) as refused:
        operations.check_in(booking=booking, by=event.organiser, now=event.starts_at)
    assert refused.value.code == "two_confirm"
    assert operations.settle_event(event=event, now=later) == 0
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    booking = operations.note_hour(booking=booking, took_place=True, now=later)
    assert (booking.state, booking.earned) == ("attended", None)
    booking = operations.note_hour(booking=booking, took_place=False, now=later)
    assert (booking.state, booking.checked_in_at) == ("confirmed", None)
    event.refresh_from_db()
    assert event.seats_taken == 1


def test_staff_do_not_plan_coaching_for_nobody():
    fields = {
        "title": "辅导",
        "kind": "coaching",
        "summary": "一对一",
        "venue": "两江",
        "capacity": 1,
    }
    fields |= {"starts_at": factories.NOW + DAY, "ends_at": factories.NOW + DAY + HOUR}
    with pytest.raises(Invalid) as refused:
        operations.add_event(
            fields=fields, by=factories.staff("event_organiser"), now=factories.NOW
        )
    assert refused.value.code == "kind_by_leader"
