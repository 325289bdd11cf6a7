"""Two hundred women, sixteen at a time, want one hundred seats.

Three runs: the portal as it is; without the event's lock, where constraints and trigger alone still
sell no seat twice but refuse women with an error; without lock and constraints, where the event is
oversold. The last two show that the first could fail. Then bookings and cancellations mixed, watched
from inside the database. `make load` does the same with ten thousand.
"""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection

from events.models import Booking
from notices.models import Notice
from talents.models import Talent
from tests import factories
from tests.factories import NOW
from tools.load import witness

WOMEN, SEATS = 200, 100


def rush(event, **order):
    """Let everybody book at once; returns what tools.load.rush prints of it."""
    url = settings.DATABASE_URL.rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    talents = Talent.objects.order_by("pk").values_list("pk", flat=True)
    run = subprocess.run(
        [
            *(sys.executable, "-m", "tools.load.rush"),
            json.dumps({"event": event.pk, "now": NOW.timestamp()} | order),
        ],
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "liangjiang.settings"},
        input="\n".join(map(str, talents)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture
def event():
    factories.department()
    for _ in range(WOMEN):
        factories.talent()
    return factories.event(capacity=SEATS)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_get_a_seat_a_hundred_wait_in_order_and_nobody_is_lost(event):
    found = rush(event)
    assert found["answers"] == {"confirmed": SEATS, "waitlisted": WOMEN - SEATS}
    assert found["overtaken"] == 0
    rows = list(Booking.objects.order_by("place").values_list("place", "state"))
    assert rows == [
        (place, "confirmed" if place <= SEATS else "waitlisted") for place in range(1, WOMEN + 1)
    ]
    event.refresh_from_db()
    assert (event.seats_taken, event.waiting, event.last_place) == (SEATS, WOMEN - SEATS, WOMEN)
    notices = Counter(Notice.objects.values_list("kind", flat=True))
    assert notices == {
        "events.booked": SEATS,
        "events.waitlisted": WOMEN - SEATS,
    }
    ranks = Notice.objects.filter(kind="events.waitlisted").values_list("context__place", flat=True)
    assert sorted(ranks) == list(range(1, WOMEN - SEATS + 1))


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_refuses_and_still_sells_no_seat_twice(event):
    answers = rush(event, unlocked=True)["answers"]
    refused = answers.get("booking_place_once", 0) + answers.get("event_not_oversold", 0)
    assert refused > 0
    event.refresh_from_db()
    taken = Booking.objects.seated().count()
    assert (event.seats_taken, taken <= SEATS) == (taken, True)
    assert refused == WOMEN - Booking.objects.count()


@pytest.fixture
def no_constraints(transactional_db):
    """Leave out what backs the lock, and put it back."""
    witness.unguard()
    yield
    Booking.objects.all().delete()
    witness.guard()


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_constraints_the_event_is_oversold(no_constraints, event):
    rush(event, unlocked=True)
    assert Booking.objects.seated().count() > SEATS


# --- coming and going --------------------------------------------------------------------------

FEW = 10  # seats for as many women as there are processes, three for each


@pytest.fixture
def witnessed(transactional_db):
    """Watch the seats from inside the database; returns what asks how many were held at most."""
    with connection.cursor() as cursor:
        witness.watch(cursor)

        def seen(event):
            return witness.seen(cursor, event.pk)

        yield seen
        witness.end_watch(cursor)


def few_seats():
    """Return an event with FEW seats that 48 women want."""
    factories.department()
    for _ in range(48):
        factories.talent()
    return factories.event(capacity=FEW)


@pytest.mark.django_db(transaction=True)
def test_while_some_book_and_others_give_back_no_moment_has_a_seat_too_many(witnessed):
    event = few_seats()
    found = rush(event, rounds=12)
    assert found["answers"].keys() == {"confirmed", "waitlisted", "given_back"}
    changes, most, in_order = witnessed(event)
    assert (sum(found["answers"].values()), most, in_order) == (16 * 12, FEW, True)
    event.refresh_from_db()
    assert (event.seats_taken, event.waiting) == (
        Booking.objects.seated().count(),
        Booking.objects.in_queue().count(),
    )
    assert (event.seats_taken == FEW or event.waiting == 0, changes > 16 * 12 / 2) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_the_witness_notices_a_seat_too_many(no_constraints, witnessed):
    """Without lock and constraints it does: the control."""
    event = few_seats()
    rush(event, rounds=12, unlocked=True)
    assert witnessed(event)[1] > FEW
