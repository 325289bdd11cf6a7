"""`make load` in small: the opening hour against a web server, and what tells that somebody was overtaken."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from liangjiang.management.commands import bench_world
from tests import factories
from tools.load.opening import Opening
from tools.load.rush import overtaken

READERS, BOOKERS, SEATS = 24, 12, 5


@pytest.mark.django_db(transaction=True)
def test_pages_stay_up_while_bookings_open_and_each_gets_a_seat_or_a_place(live_server):
    factories.department()
    now = timezone.now()
    event = factories.event(
        capacity=SEATS,
        booking_opens_at=now + timedelta(seconds=0.5),
        booking_closes_at=now + timedelta(days=1),
        starts_at=now + timedelta(days=2),
        ends_at=now + timedelta(days=2, hours=2),
    )
    women = [bench_world.cookie(factories.talent().user) for _ in range(BOOKERS)]
    port = live_server.thread.port
    opening = Opening(port, f"/events/{event.code}/", event.code, event.title, looks=(0.2, 1))
    found = opening.run(
        readers=READERS,
        signed_in=women[:4],
        booking=women,
        opens_at=now.timestamp() + 1,
        until=time.time() + 3,
    )
    assert (found.faults, len(found.bookings), len(found.pages) >= READERS) == ({}, BOOKERS, True)
    event.refresh_from_db()
    assert bench_world.ended(event) == (SEATS, BOOKERS - SEATS, True)


def test_who_asked_after_another_had_her_answer_has_no_place_before_her():
    """Rows of (began, ended, place); who asked at the same time may come in either order."""
    assert overtaken([(0, 2, 2), (1, 3, 1), (4, 5, 3)]) == 0
    assert overtaken([(0, 1, 2), (2, 3, 1), (4, 5, 3)]) == 1
