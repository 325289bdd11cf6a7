"""A cancelled event ends the bookings it had: their seats are nobody's, and each says that the event was called off."""

from threading import Event as Signal

import pytest
from django.utils import timezone

from events import operations, rules, seat_counts
from events.models import Booking, Event, Pool
from events.operations import seats
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW, timedelta
from tests.talents.test_verification import decide_together
from tests.waits import until_waiting

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


def call_off(event, now=NOW):
    return operations.cancel_event(event=event, reason="暴雨", by=event.organiser, now=now)


def states(event):
    return list(event.bookings.order_by("place").values_list("state", flat=True))


def test_seats_places_offers_and_requests_end_and_what_was_given_up_before_stays():
    event = factories.event(capacity=2, offer_hours=24, starts_at=NOW + timedelta(days=9))
    gone, *_others = [factories.booking(event) for _ in range(4)]
    operations.cancel_booking(booking=gone, by=gone.talent.user, now=NOW)
    event.needs_approval = True
    event.save()
    factories.booking(event)
    assert states(event) == ["cancelled", "confirmed", "offered", "waitlisted", "pending"]
    assert call_off(event).told == 4
    assert states(event) == ["cancelled", *["called_off"] * 4]
    ended = event.bookings.exclude(pk=gone.pk)
    assert set(ended.values_list("ended_at", "offer_ends_at", "reason")) == {(NOW, None, "")}
    told = Notice.objects.filter(kind="events.cancelled").count()
    released = AuditEntry.objects.filter(
        action="events.call_off_booking", actor_id=event.organiser.pk
    )
    assert (told, released.count()) == (4, 4)


def test_nobody_has_a_seat_a_kept_seat_or_childcare_any_more():
    event = factories.event(capacity=4, childcare_places=3)
    operations.add_pool(event=event, kind="track", seats=2, by=None, now=NOW)
    for asks in ({"wants_track": True, "children": 2}, {}, {"children": 1}):
        talent = factories.talent()
        operations.book(event=event, talent=talent, by=talent.user, now=NOW, **asks)
    event.refresh_from_db()
    assert (event.seats_taken, event.kept, event.childcare_taken) == (3, 1, 3)
    call_off(event)
    event.refresh_from_db()
    counts = (event.seats_taken, event.waiting, event.kept, event.childcare_taken)
    assert (counts, Pool.objects.get().taken) == ((0, 0, 2, 0), 0)


def test_who_was_checked_in_before_it_was_broken_off_has_come():
    event = factories.event(starts_at=NOW + HOUR)
    came, on_her_way = factories.booking(event), factories.booking(event)
    operations.check_in(booking=came, by=event.organiser, now=NOW)
    call_off(event, NOW + HOUR)
    assert states(event) == ["attended", "called_off"]
    assert on_her_way.talent.bookings.get().ended_at == NOW + HOUR


def test_cancelling_twice_ends_nothing_twice():
    event = factories.event()
    factories.booking(event)
    call_off(event)
    call_off(event, NOW + HOUR)
    assert Booking.objects.get().ended_at == NOW
    assert AuditEntry.objects.filter(action="events.call_off_booking").count() == 1


def test_a_stale_page_is_told_that_the_event_is_off_and_nothing_moves(client, now):
    event = factories.event(starts_at=now + timedelta(days=9), booking_opens_at=now - HOUR)
    talent = factories.talent()
    client.force_login(talent.user)
    book = f"/events/{event.code}/book/"
    client.post(book, {"key": "tab"}, follow=True)
    booking = Booking.objects.get()
    call_off(event, now)
    for address, typed in (
        (book, {"key": "tab"}),
        (book, {"key": "other"}),
        (f"/events/mine/{booking.code}/cancel/", {}),
        (f"/events/mine/{booking.code}/accept/", {}),
        (f"/events/mine/{booking.code}/childcare/", {"children": 1}),
    ):
        page = client.post(address, typed, follow=True).content.decode()
        assert "活动已取消" in page
        assert not any(
            word in page for word in ("报名成功", "席位已经让出", "席位已确认", "重新报名")
        )
    assert list(Booking.objects.values_list("state", flat=True)) == ["called_off"]


def test_her_list_says_so_until_the_day_has_passed_and_among_what_was_after_it(client, now):
    event = factories.event(starts_at=now + timedelta(days=9))
    booking = factories.booking(event)
    call_off(event, now)
    rows = Booking.objects.filter(talent=booking.talent)
    assert (list(rows.coming(now)), list(rows.past_or_cancelled(now))) == ([booking], [])
    later = event.ends_at
    assert (list(rows.coming(later)), list(rows.past_or_cancelled(later))) == ([], [booking])
    client.force_login(booking.talent.user)
    page = client.get("/events/mine/").content.decode()
    assert "活动已取消" in page and "暴雨" in page
    page = client.get(event.get_absolute_url()).content.decode()
    assert "您的报名随之取消，不用再办理。" in page
    assert "活动已取消" in client.get(f"/events/c/{booking.code}/").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locked", "state"), [(True, "called_off"), (False, "confirmed")])
def test_who_books_while_the_event_is_cancelled_keeps_no_seat(locked, state, monkeypatch):
    """Cancelling waits for the booking and ends it; without the event's lock it stays, the control."""
    event, talent = factories.event(childcare_places=2), factories.talent()
    booking, cancelled, why_not_children = Signal(), Signal(), rules.why_not_children

    def slow(*args):
        booking.set()
        until_waiting(done=cancelled)
        return why_not_children(*args)

    def cancel():
        booking.wait(30)
        call_off(event)
        cancelled.set()
        return event

    def book():
        about = {"event": event, "talent": talent, "by": talent.user, "children": 1}
        operations.book(**about, now=NOW)
        return event

    monkeypatch.setattr(rules, "why_not_children", slow)
    if not locked:
        monkeypatch.setattr(seats, "lock_event_for", lambda *_asked: Event.objects.get(pk=event.pk))
    assert decide_together([cancel, book]) == ["published", "published"]
    event.refresh_from_db()
    assert (event.state, states(event)) == ("cancelled", [state])
    assert event.seats_taken == (state == "confirmed")


def test_counts_are_those_of_the_rows_whatever_was_said_before():
    event = factories.event(capacity=9, childcare_places=3)
    pool = operations.add_pool(event=event, kind="track", seats=2, by=None, now=NOW)
    for asks in ({"wants_track": True, "children": 2}, {}, {"children": 1}):
        talent = factories.talent()
        operations.book(event=event, talent=talent, by=talent.user, now=NOW, **asks)

    def counts():
        event.refresh_from_db()
        pool.refresh_from_db()
        return event.seats_taken, event.waiting, event.childcare_taken, event.kept, pool.taken

    assert counts() == (3, 0, 3, 1, 1)
    with seat_counts.many_moved(event):
        event.bookings.filter(wants_track=True).update(state="waitlisted", pool=None)
        assert counts() == (3, 0, 3, 1, 1)
    assert counts() == (2, 1, 1, 2, 0)
    # What follows is counted one by one as ever, and nobody writes a number by hand.
    event.bookings.filter(wants_track=True).update(state="confirmed")
    Event.objects.update(seats_taken=7)
    assert counts() == (3, 0, 3, 2, 0)
