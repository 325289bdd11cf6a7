"""Two helpers at one moment, and a server that is killed in the middle of a batch: nobody is counted twice or lost."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from events import operations
from events.models import Booking, Event, Passage
from events.operations import passages
from tests import factories
from tests.waits import until_waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event():
    now = timezone.now()
    return factories.event(starts_at=now, booking_opens_at=now.replace(year=now.year - 1))


def booked(event):
    """Return a booking made before the event began."""
    return operations.book(
        event=event,
        talent=factories.talent(),
        by=None,
        now=event.starts_at.replace(hour=0) - timedelta(days=1),
    )


def at_once(booking, scan_ids):
    """Let two helpers check her in at one moment: the second begins before the first has committed.

    Returns what each was answered: `again`, or the class of the error.
    """
    helpers = [booking.event.organiser, factories.staff("event_organiser")]
    answers, first_is_through = [None, None], threading.Event()
    scanned = {"booking": booking, "now": timezone.now()}

    def scan(number, then=lambda: None):
        try:
            with transaction.atomic():
                step = {"by": helpers[number], "scan_id": scan_ids[number]}
                answers[number] = operations.check_in(**scanned, **step).again
                then()
        except IntegrityError as error:
            answers[number] = type(error)
        finally:
            connection.close()

    def hold():
        first_is_through.set()
        until_waiting()

    first = threading.Thread(target=scan, args=(0, hold))
    second = threading.Thread(target=scan, args=(1,))
    first.start()
    assert first_is_through.wait(20)
    second.start()
    first.join(20)
    second.join(20)
    return answers


@pytest.fixture
def no_lock(monkeypatch):
    """Leave the event's lock out: the control."""
    monkeypatch.setattr(
        passages, "lock_event", lambda event, *asked: Event.objects.get(pk=event.pk)
    )


def test_two_helpers_scan_the_same_code_and_she_is_counted_once(event):
    booking = booked(event)
    assert at_once(booking, [uuid4(), uuid4()]) == [False, True]
    assert Booking.objects.get().check_ins == 1
    assert booking.talent.points_account.balance == 10


def test_control_without_the_lock_both_are_the_first(event, no_lock):
    assert at_once(booked(event), [None, None]) == [False, False]
    assert Passage.objects.count() == 2


def test_the_same_scan_sent_twice_at_once_is_noted_once(event):
    scan = uuid4()
    assert at_once(booked(event), [scan, scan]) == [False, True]
    assert Passage.objects.count() == 1


def test_control_without_the_lock_the_database_refuses_the_same_scan(event, no_lock):
    scan = uuid4()
    assert at_once(booked(event), [scan, scan]) == [False, IntegrityError]
    assert Passage.objects.count() == 1


SERVER = """
import sys, django; django.setup()
from django.test import RequestFactory
from accounts.models import User
from events.door.scans import scans
request = RequestFactory().post("/", sys.stdin.read(), content_type="application/json")
request.user = User.objects.get(pk=sys.argv[2])
scans(request, code=sys.argv[1])
"""


def test_a_server_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing(event):
    bookings = [booked(event) for _ in range(3)]
    body = json.dumps(
        {"scans": [{"id": str(uuid4()), "code": b.code, "way": "in", "age": 60} for b in bookings]}
    )
    url = settings.DATABASE_URL.rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    with transaction.atomic():
        Booking.objects.select_for_update().get(pk=bookings[1].pk)  # the second scan waits here
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, event.code, str(event.organiser.pk)],
            env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "liangjiang.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        server.stdin.write(body)
        server.stdin.close()
        until_waiting()
        assert Passage.objects.count() == 1
        server.send_signal(signal.SIGKILL)
        assert server.wait(20) == -signal.SIGKILL
    client = Client()
    client.force_login(event.organiser, backend="django.contrib.auth.backends.ModelBackend")
    for _ in range(2):
        answer = client.post(
            f"/events/{event.code}/door/scans/", body, content_type="application/json"
        )
        assert [a["refused"] for a in answer.json()["answers"]] == [False] * 3
    assert [b.check_ins for b in Booking.objects.order_by("pk")] == [1, 1, 1]
    assert Passage.objects.count() == 3
