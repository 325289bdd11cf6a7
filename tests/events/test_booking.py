"""Seats, the queue, cancelling, the window, repeats."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from events import operations
from events.models import Booking, Event
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def counts(event):
    event.refresh_from_db()
    return event.seats_taken, event.waiting


def kinds_sent(talent):
    return list(
        Notice.objects.filter(recipient=talent.user, withdrawn_at=None)
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_four_book_three_seats_one_cancels_the_fourth_is_promoted_and_told():
    event = factories.event(capacity=3)
    first, second, third, fourth = (factories.booking(event) for _ in range(4))
    assert [b.state for b in (first, second, third, fourth)] == ["confirmed"] * 3 + ["waitlisted"]
    assert (fourth.queue_rank(), counts(event)) == (1, (3, 1))
    operations.cancel_booking(booking=second, by=second.talent.user, now=NOW)
    fourth.refresh_from_db()
    assert (fourth.state, fourth.promoted_at, counts(event)) == ("confirmed", NOW, (3, 0))
    assert kinds_sent(fourth.talent) == [
        "events.waitlisted",
        "events.promoted",
    ]
    assert kinds_sent(second.talent) == ["events.booked"]
    actions = AuditEntry.objects.order_by("pk").values_list("action", "object_id")
    assert list(actions)[-2:] == [
        ("events.cancel_booking", str(second.pk)),
        ("events.promote", str(fourth.pk)),
    ]


def test_she_books_again_after_cancelling():
    event = factories.event()
    first = factories.booking(event)
    operations.cancel_booking(booking=first, by=first.talent.user, now=NOW)
    second = factories.booking(event, first.talent, now=NOW + MINUTE)
    assert second.pk != first.pk
    assert kinds_sent(first.talent) == ["events.booked", "events.booked"]


def test_who_was_promoted_and_cancels_is_not_put_back_in_the_queue():
    event = factories.event(capacity=1)
    seated, waiting = factories.booking(event), factories.booking(event)
    operations.cancel_booking(booking=seated, by=seated.talent.user, now=NOW)
    operations.cancel_booking(booking=waiting, by=waiting.talent.user, now=NOW)
    assert counts(event) == (0, 0)
    assert factories.booking(event, waiting.talent).state == "confirmed"


def test_leaving_the_queue_moves_the_others_up():
    event = factories.event(capacity=1)
    factories.booking(event)
    first, second, third = (factories.booking(event) for _ in range(3))
    assert [b.queue_rank() for b in (first, second, third)] == [1, 2, 3]
    operations.cancel_booking(booking=first, by=first.talent.user, now=NOW)
    ranks = Booking.objects.in_queue().with_queue_rank()
    assert [(b.pk, b.queue_rank()) for b in ranks] == [(second.pk, 1), (third.pk, 2)]
    assert counts(event) == (1, 2)


def test_two_tabs_and_a_double_click_are_one_booking():
    event, talent = factories.event(), factories.talent()
    rows = [
        operations.book(event=event, talent=talent, by=talent.user, now=NOW, key=key)
        for key in ("tab-1", "tab-1", "tab-2", None)
    ]
    assert {b.pk for b in rows} == {rows[0].pk}
    assert kinds_sent(talent) == ["events.booked"]


def test_a_repeated_request_returns_its_booking_even_when_it_was_cancelled():
    event, talent = factories.event(), factories.talent()
    request = {"event": event, "talent": talent, "by": talent.user, "now": NOW, "key": "k"}
    booking = operations.book(**request)
    operations.cancel_booking(booking=booking, by=talent.user, now=NOW)
    again = operations.book(**request)
    assert (again.pk, again.state) == (booking.pk, "cancelled")
    other = factories.event()
    with pytest.raises(Invalid) as refused:
        operations.book(**request | {"event": other})
    assert (refused.value.code, other.bookings.count()) == ("key_reused", 0)


@pytest.mark.parametrize(
    ("offset", "code"),
    [
        (timedelta(days=-7, microseconds=-1), "booking_not_open"),
        (timedelta(days=-7), None),
        (timedelta(days=2, microseconds=-1), None),
        (timedelta(days=2), "booking_closed"),
    ],
)
def test_the_window_opens_and_closes_to_the_microsecond(offset, code):
    event = factories.event(booking_closes_at=NOW + timedelta(days=2))
    if code is None:
        assert factories.booking(event, now=NOW + offset).state == "confirmed"
        return
    with pytest.raises(Conflict) as refused:
        factories.booking(event, now=NOW + offset)
    assert (refused.value.code, event.bookings.count()) == (code, 0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": "draft"}, "no_record"),
        ({"state": "submitted"}, "talent_in_review"),
        ({"state": "returned", "return_reason": "缺单位"}, "talent_returned"),
    ],
)
def test_only_verified_talents_book(fields, code):
    with pytest.raises(Refused) as refused:
        factories.booking(factories.event(), factories.talent(**fields))
    assert (refused.value.code, Booking.objects.count()) == (code, 0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": "draft"}, "event_not_published"),
        (
            {"state": "cancelled", "cancel_reason": "改期", "cancelled_at": NOW},
            "event_cancelled",
        ),
    ],
)
def test_only_published_events_are_booked(fields, code):
    with pytest.raises(Conflict) as refused:
        factories.booking(factories.event(**fields))
    assert refused.value.code == code


def test_nobody_books_or_cancels_for_another_woman():
    event = factories.event()
    booking = factories.booking(event)
    stranger = factories.talent()
    with pytest.raises(Refused):
        operations.book(event=event, talent=factories.talent(), by=stranger.user, now=NOW)
    with pytest.raises(Refused):
        operations.cancel_booking(booking=booking, by=stranger.user, now=NOW)
    assert counts(event) == (1, 0)


def test_cancelling_is_possible_until_the_start_and_promotes_nobody_after():
    event = factories.event(capacity=1)
    seated, waiting = factories.booking(event), factories.booking(event)
    with pytest.raises(Conflict) as refused:
        operations.cancel_booking(booking=seated, by=seated.talent.user, now=event.starts_at)
    assert refused.value.code == "event_started"
    last_moment = event.starts_at - timedelta(microseconds=1)
    operations.cancel_booking(booking=seated, by=seated.talent.user, now=last_moment)
    operations.cancel_booking(booking=seated, by=seated.talent.user, now=event.ends_at)
    waiting.refresh_from_db()
    assert (waiting.state, counts(event)) == ("confirmed", (1, 0))


def test_more_seats_move_the_queue_before_anyone_new_can_book():
    event = factories.event(capacity=1)
    factories.booking(event)
    waiting = [factories.booking(event) for _ in range(3)]
    clerk = event.organiser
    operations.change_capacity(event=event, capacity=3, by=clerk, now=NOW)
    states = [Booking.objects.get(pk=b.pk).state for b in waiting]
    assert (states, counts(event)) == (["confirmed", "confirmed", "waitlisted"], (3, 1))
    assert factories.booking(event).state == "waitlisted"


def test_seats_cannot_fall_below_those_taken():
    event = factories.event(capacity=3)
    factories.booking(event), factories.booking(event)
    with pytest.raises(Invalid) as refused:
        operations.change_capacity(event=event, capacity=1, by=event.organiser, now=NOW)
    assert refused.value.code == "capacity_below_taken"
    with pytest.raises(IntegrityError, match="event_not_oversold"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(capacity=1)


def test_no_write_past_the_operations_oversells_or_bends_the_counts():
    event = factories.event(capacity=1)
    booking = factories.booking(event)
    another = Booking(
        event=event, talent=factories.talent(), state="confirmed", place=2, booked_at=NOW
    )
    with pytest.raises(IntegrityError, match="event_not_oversold"), transaction.atomic():
        another.save()
    Event.objects.filter(pk=event.pk).update(seats_taken=0, waiting=7, last_place=0)
    assert counts(event) == (1, 0)
    stale = Event.objects.get(pk=event.pk)
    Booking.objects.filter(pk=booking.pk).update(state="waitlisted")
    stale.title = "改名"
    stale.save()
    assert (counts(event), event.last_place) == ((0, 1), 1)
    elsewhere = factories.event()
    Booking.objects.filter(pk=booking.pk).update(event=elsewhere, state="confirmed")
    assert (counts(event), counts(elsewhere)) == ((0, 0), (1, 0))
    Booking.objects.filter(pk=booking.pk).delete()
    assert counts(elsewhere) == (0, 0)


def test_one_active_booking_for_each_woman_and_event():
    event = factories.event()
    booking = factories.booking(event)
    twin = Booking(event=event, talent=booking.talent, state="waitlisted", place=9, booked_at=NOW)
    with pytest.raises(IntegrityError, match="booking_active_once"), transaction.atomic():
        twin.save()


@pytest.mark.parametrize(("herself", "expected"), [(True, 1), (False, 7)])
def test_a_booking_takes_few_statements_whatever_the_event_holds(herself, expected):
    """One for herself (tests/events/test_at_once.py); for the system step by step.

    Savepoint in and out, the event's lock with her state, whether she is held back, insert, audit, notices with
    deliveries by consent.
    """
    event = factories.event(capacity=50)

    def statements():
        talent = factories.talent()
        factories.consent(talent.user, "messages")
        by = talent.user if herself else None
        with CaptureQueriesContext(connection) as captured:
            operations.book(event=event, talent=talent, by=by, now=NOW, key="k")
        return len(captured)

    first = statements()
    for _ in range(3):
        factories.booking(event)
    assert (first, statements()) == (expected, expected)
