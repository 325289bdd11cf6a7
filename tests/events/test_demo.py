"""The demo of the door, at whatever hour somebody makes it."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from events import demo
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("clock", ["03:30", "04:05", "04:40", "14:05"])
def test_they_come_in_where_a_day_of_the_programme_ends_meanwhile_as_well(clock):
    starts = timezone.make_aware(datetime.fromisoformat(f"2026-11-27T{clock}"))
    event = factories.event(starts_at=starts, capacity=3)
    for _ in range(3):
        factories.booking(event, now=starts - timedelta(days=3))
    demo.come_in(None, event, starts - timedelta(minutes=10))
    assert event.bookings.exclude(checked_in_at=None).count() == 3
