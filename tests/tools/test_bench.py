"""The floors of `make bench` that write: they have to keep up with the models."""

import pytest
from django.test import RequestFactory

from events.models import Booking
from tests import factories


@pytest.mark.django_db
def test_the_floor_of_a_booking_gives_the_last_seat_and_no_further_one():
    from tools import bench_urls

    event, woman, other = factories.event(capacity=1), factories.talent(), factories.talent()
    answers = [
        bench_urls.book(RequestFactory().post("/"), event.code, talent.pk).status_code
        for talent in (woman, other)
    ]
    seats = list(Booking.objects.values_list("event", "talent", "state", "place"))
    assert (answers, seats) == ([302, 409], [(event.pk, woman.pk, "confirmed", 1)])
