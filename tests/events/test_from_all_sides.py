"""One event in one moment: booked, given back, handed on, named for, made larger, its kept seats and guests moved.

Whatever the order was, seats, pools and queue come out exact, nobody waits beside a free seat, and nothing but a rule's
refusal is answered: no deadlock, no constraint. The control leaves the event's lock out.
"""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from events import operations
from events.models import HELD_STATES, Booking, EventQuerySet, Transfer
from events.operations import locking
from kernel.errors import DomainError
from tests import factories
from tests.factories import NOW, timedelta

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


def crowd():
    """Return (event, jobs): twelve seats, two kept for a unit, six women waiting, eight who come anew."""
    unit = factories.unit()
    event = factories.event(capacity=12, offer_hours=24, starts_at=NOW + timedelta(days=9))
    pool = operations.add_pool(event=event, kind="unit", unit=unit, seats=2, by=None, now=NOW)
    people = [factories.talent(**({"unit": unit} if n % 2 else {})) for n in range(28)]
    for talent in people[1::2]:
        factories.consent(talent.user, "unit_sharing")
    booked = [factories.booking(event, talent) for talent in people[:18]]
    jobs = [*women_s_jobs(event, booked, people[18:]), *staff_s_jobs(event, pool, people[18:])]
    return event, jobs


def women_s_jobs(event, booked, new):
    """Return jobs of those who book, twice with one key, give back, and hand on to two colleagues at once."""
    jobs = []
    for number, talent in enumerate(new[:8]):
        about = {"event": event, "talent": talent, "by": talent.user, "key": f"key-{number}"}
        jobs += [(operations.book, about)] * 2
    for booking in booked[::3]:
        jobs.append((operations.cancel_booking, {"booking": booking, "by": booking.talent.user}))
    for booking in booked[1::3] + booked[:2]:
        link = operations.hand_on(booking=booking, by=booking.talent.user, now=NOW)
        jobs += [
            (operations.accept_transfer, {"transfer": link, "talent": her, "by": her.user})
            for her in new[8:10]
        ]
    return jobs


def staff_s_jobs(event, pool, new):
    """Return jobs of staff, of the unit, and of the clock."""
    about, codes = {"event": event, "by": None}, [her.code for her in new[1::2]]
    jobs = [(operations.change_capacity, about | {"capacity": n}) for n in (15, 13)]
    jobs += [(operations.edit_pool, {"pool": pool, "seats": n, "by": None}) for n in (4, 2)]
    jobs += [(operations.set_guests, about | {"women": n, "men": 0}) for n in (1, 0)]
    for key, named in (("people-0001", codes), ("people-0002", codes[::-1])):
        unit = {"unit_id": pool.unit_id, "event": event}
        jobs.append((operations.name_people, unit | {"codes": named, "key": key}))
    clock = (operations.expire_offers, {"event": event})
    return [*jobs, (operations.open_pool, {"pool": pool, "by": None}), clock]


def at_once(jobs):
    """Run the jobs in an order of chance in THREADS threads; return the names of errors that are no refusals."""
    barrier = Barrier(THREADS)
    lots = [jobs[n::THREADS] for n in range(THREADS)]

    def work(lot):
        barrier.wait(30)
        try:
            return [name for name in map(outcome, lot) if name]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as threads:
        return [name for names in threads.map(work, lots) for name in names]


def outcome(job):
    operation, arguments = job
    try:
        operation(**arguments, now=NOW)
    except DomainError:
        return None
    except Exception as error:
        return type(error).__name__


def answers_to_offers(event):
    """Return jobs of those a seat is kept for: two presses each, to take it or to give it up."""
    jobs = []
    for number, booking in enumerate(event.bookings.offered().select_related("talent__user")):
        operation = operations.accept_offer if number % 3 else operations.cancel_booking
        jobs += [(operation, {"booking": booking, "by": booking.talent.user})] * 2
    return jobs


def last_jobs(event):
    """Return jobs of who gives back, takes an offer or comes anew while the event is cancelled."""
    jobs = answers_to_offers(event)
    for number, booking in enumerate(event.bookings.active().select_related("talent__user")):
        if number % 2:
            jobs.append(
                (operations.cancel_booking, {"booking": booking, "by": booking.talent.user})
            )
    for talent in [factories.talent() for _ in range(6)]:
        about = {"event": event, "talent": talent, "by": talent.user, "children": 0}
        jobs.append((operations.book, about))
    jobs.insert(
        len(jobs) // 2, (operations.cancel_event, {"event": event, "reason": "暴雨", "by": None})
    )
    return jobs


def assert_exact(event):
    event.refresh_from_db()
    held = event.bookings.filter(state__in=HELD_STATES)
    queue = event.bookings.in_queue()
    assert (event.seats_taken, event.waiting) == (held.count(), queue.count())
    kept = 0
    for pool in event.pools.all():
        assert pool.taken == held.filter(pool=pool).count()
        kept += 0 if pool.opened_at else max(pool.seats - pool.taken, 0)
    assert event.kept == kept
    assert event.seats_taken + kept + event.guests_women <= event.capacity
    active = Booking.objects.active().filter(event=event).values_list("talent", flat=True)
    assert sorted(active) == sorted(set(active))
    given = Transfer.objects.filter(accepted_at__isnull=False)
    assert set(given.values_list("booking__state", flat=True)) <= {"handed_on"}
    assert operations.promote(event=event, by=None, now=NOW) == []


@pytest.mark.parametrize("turn", [1, 2])
def test_whatever_happens_at_once_seats_and_queue_are_exact(turn):
    event, jobs = crowd()
    random.Random(turn).shuffle(jobs)
    assert at_once(jobs) == []
    assert_exact(event)
    assert at_once(answers_to_offers(event)) == []
    assert_exact(event)
    assert at_once(last_jobs(event)) == []
    assert_exact(event)
    assert (event.seats_taken, event.waiting, event.bookings.active().count()) == (0, 0, 0)


def test_a_control_without_the_events_lock_the_database_has_to_refuse(monkeypatch):
    _event, jobs = crowd()
    random.Random(1).shuffle(jobs)
    read, _lock, _of = locking.WITH_TALENT.partition("FOR NO KEY UPDATE")
    slow = "WHERE (SELECT pg_sleep(0.05)::text) IS NOT NULL AND"
    monkeypatch.setattr(locking, "WITH_TALENT", read.replace("WHERE", slow, 1))
    monkeypatch.setattr(EventQuerySet, "locked", lambda rows, event: rows.get(pk=event.pk))
    assert at_once(jobs) != []
