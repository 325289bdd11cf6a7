"""Two hundred women, sixteen at a time, want one hundred seats.

Three runs: the portal as it is; without the event's lock, where constraints and trigger alone still
sell no seat twice but refuse women with an error; without lock and constraints, where the event is
oversold. The last two show that the first could fail.
"""

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

WOMEN, SEATS = 200, 100


def rush(event, how="locked"):
    """Let everybody book at once; returns how often each answer was given."""
    url = settings.DATABASE_URL.rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    talents = Talent.objects.order_by("pk").values_list("pk", flat=True)
    run = subprocess.run(
        [sys.executable, "-m", "tests.events.rush", str(event.pk), how, *map(str, talents)],
        env=os.environ
        | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "liangjiang.settings",
            "RUSH_NOW": str(NOW.timestamp()),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    print(run.stderr.strip())
    return Counter(run.stdout.split())


@pytest.fixture
def event():
    factories.department()
    for _ in range(WOMEN):
        factories.talent()
    return factories.event(capacity=SEATS)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_get_a_seat_a_hundred_wait_in_order_and_nobody_is_lost(event):
    assert rush(event) == {"confirmed": SEATS, "waitlisted": WOMEN - SEATS}
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
        "events.reminder_day": SEATS,
        "events.reminder_hour": SEATS,
    }
    ranks = Notice.objects.filter(kind="events.waitlisted").values_list("context__place", flat=True)
    assert sorted(ranks) == list(range(1, WOMEN - SEATS + 1))


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_refuses_and_still_sells_no_seat_twice(event):
    answers = rush(event, "unlocked")
    refused = answers["booking_place_once"] + answers["event_not_oversold"]
    assert refused > 0
    event.refresh_from_db()
    taken = Booking.objects.seated().count()
    assert (event.seats_taken, taken <= SEATS) == (taken, True)
    assert refused == WOMEN - Booking.objects.count()


@pytest.fixture
def no_constraints(transactional_db):
    """Leave out what backs the lock, and put it back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE events_event DROP CONSTRAINT event_not_oversold")
        cursor.execute("ALTER TABLE events_booking DROP CONSTRAINT booking_place_once")
    yield
    Booking.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE events_event ADD CONSTRAINT event_not_oversold"
            " CHECK (seats_taken <= capacity)"
        )
        cursor.execute(
            "ALTER TABLE events_booking ADD CONSTRAINT booking_place_once UNIQUE (event_id, place)"
        )


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_constraints_the_event_is_oversold(no_constraints, event):
    rush(event, "unlocked")
    assert Booking.objects.seated().count() > SEATS
