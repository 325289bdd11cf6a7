"""Many book an event with kept seats at once: the pool, the event and the queue come out as if one after the other.

The control leaves the event's lock out: then the database refuses what would sell a seat twice, and women get an error.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connections

from events import operations
from events.models import Event
from events.operations import locking
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, WOMEN, SEATS, KEPT = 8, 24, 10, 4


@pytest.fixture
def rushed():
    """Return an event of ten seats, four of them kept for a unit, and 24 women, every second one of the unit."""
    event, unit = factories.event(capacity=SEATS), factories.unit()
    operations.add_pool(event=event, kind="unit", unit=unit, seats=KEPT, by=None, now=NOW)
    women = [factories.talent(unit=unit if n % 2 else None) for n in range(WOMEN)]
    return event, women


def rush(event, women):
    """Let all book at once, eight at a time; returns how often each answer was given."""
    barrier = Barrier(THREADS)

    def book(part):
        answers = []
        try:
            known = Event.objects.get(pk=event.pk)
            barrier.wait()
            for talent in part:
                try:
                    step = {"talent": talent, "by": talent.user, "now": NOW}
                    answers.append(operations.book(event=known, **step).state)
                except IntegrityError as error:
                    answers.append(error.__cause__.diag.constraint_name)
        finally:
            connections.close_all()
        return answers

    with ThreadPoolExecutor(THREADS) as threads:
        parts = threads.map(book, [women[n::THREADS] for n in range(THREADS)])
        return Counter(answer for answers in parts for answer in answers)


def counts(event):
    event.refresh_from_db()
    pool = event.pools.get()
    held = event.bookings.seated()
    assert (pool.taken, event.seats_taken) == (held.filter(pool=pool).count(), held.count())
    return pool.taken, event.seats_taken, event.kept


def test_kept_seats_and_the_others_are_sold_once_and_nobody_is_lost(rushed):
    event, women = rushed
    assert rush(event, women) == {"confirmed": SEATS, "waitlisted": WOMEN - SEATS}
    assert counts(event) == (KEPT, SEATS, 0)
    places = list(event.bookings.order_by("place").values_list("place", flat=True))
    assert places == list(range(1, WOMEN + 1))


def test_a_control_without_the_lock_the_database_refuses_and_sells_no_seat_twice(
    rushed, monkeypatch
):
    event, women = rushed
    read, _lock, _of = locking.WITH_TALENT.partition("FOR NO KEY UPDATE")
    slow = "WHERE (SELECT pg_sleep(0.05)::text) IS NOT NULL AND"
    monkeypatch.setattr(locking, "WITH_TALENT", read.replace("WHERE", slow, 1))
    answers = rush(event, women)
    refused = sum(answers[name] for name in answers if name not in ("confirmed", "waitlisted"))
    pool_taken, seats_taken, _kept = counts(event)
    assert (refused > 0, pool_taken <= KEPT, seats_taken <= SEATS) == (True, True, True)
