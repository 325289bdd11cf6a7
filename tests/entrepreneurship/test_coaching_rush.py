"""Four hundred founders, sixteen at a time, want twenty hours: twenty seats, everybody else waits in order.

The control leaves out the events' lock and the constraints behind it (tests/events/test_rush.py has the layers one by one).
"""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from entrepreneurship.learning.models import CoachingHour
from events.models import Booking
from talents.models import Talent
from tests import factories
from tests.entrepreneurship import coaching
from tests.factories import NOW
from tools.load import witness

FOUNDERS, HOURS = 400, 20


def rush(**order):
    """Let everybody book at once, each one hour; returns what tools.load.rush prints of it."""
    url = settings.DATABASE_URL.rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    coaches = CoachingHour.objects.values("coach__user__talent")
    women = Talent.objects.exclude(pk__in=coaches).order_by("pk").values_list("pk", flat=True)
    events = list(CoachingHour.objects.order_by("pk").values_list("event", flat=True))
    run = subprocess.run(
        [
            *(sys.executable, "-m", "tools.load.rush"),
            json.dumps({"event": events, "now": NOW.timestamp()} | order),
        ],
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "liangjiang.settings"},
        input="\n".join(map(str, women)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture
def hours():
    of = coaching.coach(hours_per_month=40)
    found = [coaching.hour(of, coaching.START + n * coaching.HOUR) for n in range(HOURS)]
    for _ in range(FOUNDERS):
        factories.talent()
    return found


@pytest.mark.django_db(transaction=True)
def test_twenty_have_a_seat_and_everybody_else_waits_in_order(hours):
    found = rush()
    assert found["answers"] == {"confirmed": HOURS, "waitlisted": FOUNDERS - HOURS}
    for hour in hours:
        rows = list(hour.event.bookings.order_by("place").values_list("place", "state"))
        assert rows == [
            (place, "confirmed" if place == 1 else "waitlisted")
            for place in range(1, len(rows) + 1)
        ]


@pytest.fixture
def no_constraints(transactional_db):
    """Leave out what backs the lock, and put it back."""
    witness.unguard()
    yield
    Booking.objects.all().delete()
    witness.guard()


@pytest.mark.django_db(transaction=True)
def test_a_control_without_lock_and_constraints_one_hour_has_several_founders(
    no_constraints, hours
):
    rush(unlocked=True)
    assert Booking.objects.seated().count() > HOURS
