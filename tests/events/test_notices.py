"""What she was told stays true, or says that it is not any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events import operations
from notices.models import Delivery, Notice
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event(now):
    return factories.event(starts_at=now + timedelta(days=5), capacity=1)


def told(talent):
    """Return [(kind, still true)] of what she reads, as she was told."""
    notices = Notice.objects.visible_to(talent.user, timezone.now()).order_by("pk")
    return [(n.kind.removeprefix("events."), n.overtaken_at is None) for n in notices]


def book(event, now, talent=None):
    return factories.booking(event, talent, now=now)


def test_a_place_in_the_queue_is_overtaken_by_the_seat(event, now):
    first, second = book(event, now), book(event, now)
    operations.cancel_booking(booking=first, by=first.talent.user, now=now)
    assert told(first.talent) == [("booked", False)]
    assert told(second.talent) == [("waitlisted", False), ("promoted", True)]


def test_a_new_time_overtakes_the_old_one_and_a_cancelled_event_everything(event, now):
    booking, other = book(event, now), book(factories.event(starts_at=event.starts_at), now)
    for days in (1, 2):
        changes = {"starts_at": event.starts_at + timedelta(days=days)}
        changes["ends_at"] = changes["starts_at"] + timedelta(hours=2)
        operations.edit_event(event=event, changes=changes, by=None, now=now)
    assert told(booking.talent) == [("booked", False), ("changed", False), ("changed", True)]
    operations.cancel_event(event=event, reason="场地维修", by=None, now=now)
    assert told(booking.talent) == [
        ("booked", False),
        ("changed", False),
        ("changed", False),
        ("cancelled", True),
    ]
    assert told(other.talent) == [("booked", True)]


def test_what_is_overtaken_before_it_left_does_not_leave(event, now):
    talent = factories.talent()
    factories.consent(talent.user, "messages")
    booking = book(event, now, talent)
    operations.cancel_booking(booking=booking, by=talent.user, now=now)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}


def test_the_inbox_marks_it_and_my_page_does_not_call_it_new(client, event, now):
    booking = book(event, now)
    operations.cancel_booking(booking=booking, by=booking.talent.user, now=now)
    client.force_login(booking.talent.user)
    page = client.get("/notices/").content.decode()
    assert ("后来有变化" in page, "报名成功" in page) == (True, True)
    assert client.get("/me/").context.get("notices") is None
