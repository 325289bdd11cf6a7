"""Seats kept for the women's track or a unit, guests as a number, children looked after: never more than there are."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import operations, tasks
from events.models import Booking, Event, Pool
from kernel.errors import Conflict, DomainError, Invalid
from notices.models import Notice
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def keep(event, seats, unit=None, now=NOW, **more):
    """Keep seats for a unit, or for the track."""
    kind = "unit" if unit else "track"
    return operations.add_pool(
        event=event, kind=kind, unit=unit, seats=seats, by=event.organiser, now=now, **more
    )


def book(event, unit=None, now=NOW, **asks):
    """Book for a new woman of that unit."""
    talent = factories.talent(unit=unit)
    return operations.book(event=event, talent=talent, by=talent.user, now=now, **asks)


def give_back(booking, now=NOW):
    operations.cancel_booking(booking=booking, by=booking.talent.user, now=now)


def states(event):
    return list(event.bookings.order_by("place").values_list("state", "pool"))


@contextmanager
def refused(code):
    """Expect a refusal of that code."""
    with pytest.raises(DomainError) as refusal:
        yield
    assert refusal.value.code == code


def test_a_seat_for_everybody_that_came_free_by_moving_over_goes_to_who_books():
    event, unit = factories.event(capacity=2), factories.unit()
    quota = keep(event, 1, unit)
    first = book(event)
    type(first.talent).objects.filter(pk=first.talent_id).update(unit=unit)
    assert book(event).state == "confirmed"
    assert states(event) == [("confirmed", quota.pk), ("confirmed", None)]


def test_kept_seats_are_for_those_they_are_kept_for():
    event, unit = factories.event(capacity=3), factories.unit()
    quota, track = keep(event, 1, unit), keep(event, 1)
    booked = [
        book(event),  # everybody's
        book(event),  # waits: the others are kept
        book(event, unit),
        book(event, wants_track=True),
        book(event, unit, wants_track=True),  # neither is left
    ]
    assert [booking.state for booking in booked] == [
        *("confirmed", "waitlisted", "confirmed", "confirmed", "waitlisted")
    ]
    assert [booking.pool_id for booking in booked] == [None, None, quota.pk, track.pk, None]
    event.refresh_from_db()
    assert (event.seats_taken, event.kept, event.waiting, event.seats_left) == (3, 0, 2, 0)


def test_the_first_whose_seat_is_free_moves_up_and_overtakes_nobody_who_could_have_it():
    event, unit = factories.event(capacity=2), factories.unit()
    quota = keep(event, 1, unit)
    hers, everybodys = book(event, unit), book(event)
    waiting = [book(event), book(event, unit), book(event)]
    give_back(hers)  # a seat of the unit's
    assert states(event)[2:] == [
        ("waitlisted", None),
        ("confirmed", quota.pk),
        ("waitlisted", None),
    ]
    give_back(everybodys)
    assert [state for state, _pool in states(event)[2:]] == [
        *("confirmed", "confirmed", "waitlisted")
    ]
    assert waiting[0].place < waiting[1].place


def test_who_sits_on_everybodys_seat_moves_over_so_that_it_is_free():
    event, unit = factories.event(capacity=2), factories.unit()
    quota = keep(event, 1, unit)
    first, second, third = book(event, unit), book(event, unit), book(event)
    assert states(event) == [("confirmed", quota.pk), ("confirmed", None), ("waitlisted", None)]
    give_back(first)
    assert states(event)[1:] == [("confirmed", quota.pk), ("confirmed", None)]
    assert Notice.objects.filter(kind="events.promoted").get().recipient == third.talent.user
    assert not Notice.objects.filter(kind="events.promoted", recipient=second.talent.user).exists()


def test_more_seats_cannot_be_kept_than_are_free_and_no_fewer_than_are_held():
    event, unit = factories.event(capacity=3), factories.unit()
    book(event)
    with refused("pool_over_capacity"):
        keep(event, 3)
    quota = keep(event, 2, unit)
    book(event, unit), book(event, unit)
    change = {"pool": quota, "by": event.organiser, "now": NOW}
    with refused("pool_below_taken"):
        operations.edit_pool(seats=1, **change)
    with refused("pool_over_capacity"):
        operations.edit_pool(seats=3, **change)
    with refused("pool_there"):
        keep(event, 1, unit)
    assert Pool.objects.values_list("seats", "taken").get() == (2, 2)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"seats": 0}, "pool_too_small"),
        ({"opens_to_all_at": NOW - DAY}, "opening_wrong"),
        ({"opens_to_all_at": NOW + 30 * DAY}, "opening_wrong"),
        ({"kind": "unit"}, "unit_missing"),
        ({"now": NOW + 4 * DAY}, "event_started"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(more, code):
    event = factories.event()
    with refused(code):
        operations.add_pool(
            **{"event": event, "kind": "track", "seats": 1, "by": None, "now": NOW} | more
        )
    assert not Pool.objects.exists()


def test_capacity_stays_above_what_is_taken_kept_and_given_to_guests():
    event = factories.event(capacity=6)
    keep(event, 2)
    book(event)
    operations.set_guests(event=event, women=1, men=1, by=None, now=NOW)
    with pytest.raises(Invalid) as refusal:
        operations.change_capacity(event=event, capacity=4, by=None, now=NOW)
    assert str(refusal.value) == ("1 人已报名、2 席保留未用、2 位库外来宾，席位不能少于 5。")
    operations.change_capacity(event=event, capacity=5, by=None, now=NOW)
    event.refresh_from_db()
    assert (event.capacity, event.seats_free) == (5, 0)


def test_opened_seats_go_to_the_queue_at_their_time_and_who_has_one_keeps_it():
    now = timezone.now()
    event = factories.event(capacity=3, starts_at=now + 5 * DAY)
    unit = factories.unit()
    quota = keep(event, 2, unit, now=now - DAY, opens_to_all_at=now - timedelta(minutes=1))
    hers = book(event, unit, now=now - DAY)
    booked = [book(event, now=now - DAY) for _ in range(3)]
    assert [booking.state for booking in booked] == ["confirmed", "waitlisted", "waitlisted"]
    tasks.open_pools()
    assert states(event) == [
        ("confirmed", quota.pk),
        ("confirmed", None),
        ("confirmed", None),
        ("waitlisted", None),
    ]
    quota.refresh_from_db()
    assert quota.opened_at is not None
    give_back(hers, now)
    assert states(event)[3] == ("confirmed", None)
    with refused("pool_opened"):
        operations.edit_pool(pool=quota, seats=1, by=None, now=now)
    tasks.open_pools()  # twice does nothing twice
    assert quota == Pool.objects.get()


def test_guests_take_seats_never_sold_twice_and_fewer_let_the_queue_move_up():
    event = factories.event(capacity=2)
    book(event)
    guests = {"event": event, "by": event.organiser, "now": NOW}
    with refused("no_seats_for_guests"):
        operations.set_guests(women=1, men=1, **guests)
    operations.set_guests(women=0, men=1, **guests)
    waiting = book(event)
    assert waiting.state == "waitlisted"
    operations.set_guests(women=0, men=0, **guests)
    waiting.refresh_from_db()
    assert waiting.state == "confirmed"


def test_guests_are_corrected_after_the_event_within_a_year():
    event = factories.event(capacity=5)
    later = {"event": event, "by": None, "now": event.ends_at + 30 * DAY}
    assert operations.set_guests(women=2, men=1, **later).guests == 3
    with refused("too_late"):
        operations.set_guests(women=1, men=1, event=event, by=None, now=NOW + 400 * DAY)


def test_children_are_looked_after_in_the_order_of_places_and_places_given_up_go_on():
    event = factories.event(capacity=9, childcare_places=2)
    first = book(event, children=2)
    second, third, fourth = (book(event, children=n) for n in (2, 1, 1))
    assert [b.childcare for b in (first, second, third, fourth)] == [
        *("given", "waiting", "waiting", "waiting")
    ]
    operations.change_childcare(booking=first, children=1, by=first.talent.user, now=NOW)
    found = event.bookings.order_by("place").values_list("childcare", flat=True)
    assert list(found) == ["given", "waiting", "given", "waiting"]  # two do not fit into one place
    give_back(first)
    assert list(found.all()) == ["", "waiting", "given", "given"]
    told = Notice.objects.filter(kind="events.childcare_given").order_by("pk")
    assert [notice.recipient for notice in told] == [third.talent.user, fourth.talent.user]
    event.refresh_from_db()
    assert (event.childcare_taken, event.childcare_left) == (2, 0)


def test_asking_for_more_childcare_loses_nothing():
    event = factories.event(capacity=9, childcare_places=3)
    hers, _other = book(event, children=2), book(event, children=1)
    with pytest.raises(Conflict) as refusal:
        operations.change_childcare(booking=hers, children=3, by=hers.talent.user, now=NOW)
    assert str(refusal.value) == "托管名额只剩 0 个，您已有的 2 个保持不变。"
    hers.refresh_from_db()
    assert (hers.children, hers.childcare) == (2, "given")


def test_who_waits_for_a_seat_gets_childcare_with_it():
    event = factories.event(capacity=1, childcare_places=1)
    first, second = book(event), book(event, children=1)
    assert second.childcare == "waiting"
    give_back(first)
    second.refresh_from_db()
    assert (second.state, second.childcare) == ("confirmed", "given")


def test_without_childcare_nobody_asks_for_it():
    with refused("no_childcare"):
        book(factories.event(), children=1)
    event = factories.event(childcare_places=2)
    with refused("children_wrong"):
        book(event, children=5)
    taken = book(event, children=2)
    with refused("childcare_below_taken"):
        operations.edit_event(event=event, changes={"childcare_places": 1}, by=None, now=NOW)
    assert taken.childcare == "given"


def test_a_copy_of_an_event_keeps_as_many_seats_for_as_many():
    event, unit = factories.event(capacity=5), factories.unit()
    keep(event, 2, unit, opens_to_all_at=event.starts_at - DAY)
    book(event, unit)
    copy = operations.clone_event(event=event, by=event.organiser, now=NOW)
    pool = copy.pools.get()
    assert (pool.unit, pool.seats, pool.taken) == (unit, 2, 0)
    assert copy.starts_at - pool.opens_to_all_at == DAY
    copy.refresh_from_db()
    assert (copy.kept, copy.pooled, copy.seats_taken) == (2, True, 0)


def test_the_database_oversells_no_pool_whoever_writes():
    event, other = factories.event(capacity=5), factories.event(capacity=5)
    quota = keep(event, 1, factories.unit())
    bookings = [factories.booking(event) for _ in range(4)]
    Booking.objects.filter(pk=bookings[0].pk).update(pool=quota)
    with pytest.raises(IntegrityError, match="pool_not_oversold"), transaction.atomic():
        Booking.objects.filter(pk=bookings[1].pk).update(pool=quota)
    with pytest.raises(IntegrityError, match="another event"), transaction.atomic():
        Booking.objects.filter(pk=factories.booking(other).pk).update(pool=quota)
    Event.objects.filter(pk=event.pk).update(kept=9, pooled=False, childcare_taken=3)
    Pool.objects.filter(pk=quota.pk).update(taken=0)
    event.refresh_from_db()
    quota.refresh_from_db()
    assert (event.kept, event.pooled, event.childcare_taken, quota.taken) == (0, True, 0, 1)
    bookings[0].delete()
    event.refresh_from_db()
    assert (event.seats_taken, event.kept) == (3, 1)


def test_everybodys_seats_cannot_be_sold_where_they_are_kept():
    event = factories.event(capacity=2)
    keep(event, 1, factories.unit())
    factories.booking(event)
    waiting = factories.booking(event)
    with pytest.raises(IntegrityError, match="event_not_oversold"), transaction.atomic():
        Booking.objects.filter(pk=waiting.pk).update(state="confirmed")


def test_a_plain_event_asks_nothing_about_kept_seats_when_one_is_given_back():
    def queries(event):
        first = factories.booking(event)
        with CaptureQueriesContext(connection) as captured:
            operations.cancel_booking(booking=first, by=None, now=NOW)
        return [query["sql"] for query in captured]

    plain = queries(factories.event(capacity=2))
    assert not [sql for sql in plain if "events_pool" in sql]


def test_an_event_whose_seats_fail_is_still_settled():
    now = timezone.now()
    event = factories.event(
        starts_at=now - 3 * DAY, booking_opens_at=now - 9 * DAY, seat_failures=5
    )
    booking = factories.booking(event, now=now - 4 * DAY)
    tasks.settle_events()
    booking.refresh_from_db()
    assert booking.state == "absent"
    assert list(Event.objects.set_aside()) == [event]
    operations.try_again(row=event, by=event.organiser, now=now)
    assert list(Event.objects.set_aside()) == []
