"""A page that was opened before the event changed: whoever presses on it is told what is true, and loses nothing."""

import re

import pytest
from django.utils import timezone

from events import operations, seat_counts
from events.models import Booking
from tests import factories
from tests.factories import timedelta

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BOOKED = "报名成功，已为您保留席位。"
MOVED = "您打开页面以后，活动的时间或地点有变"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event(now):
    fields = {"starts_at": now + 9 * DAY, "booking_opens_at": now - DAY, "capacity": 1}
    return factories.event(childcare_places=2, **fields)


@pytest.fixture
def her(client):
    talent = factories.talent()
    client.force_login(talent.user)
    return talent


def opened(client, event):
    """Return what the form on the page holds that she opened."""
    page = client.get(event.get_absolute_url()).content.decode()
    return {
        name: re.search(rf'name="{name}"\s+value="([^"]*)"', page)[1] for name in ("key", "shown")
    }


def press(client, event, form, **more):
    answer = client.post(f"/events/{event.code}/book/", form | more, follow=True)
    return answer.content.decode()


def edit(event, now, **changes):
    operations.edit_event(event=event, changes=changes, by=event.organiser, now=now)
    seat_counts.moved()


def test_the_last_seat_went_meanwhile(client, event, her, now):
    form = opened(client, event)
    factories.booking(event, now=now)
    said = press(client, event, form, children=1)
    assert "席位已满，已为您保留第 1 位候补" in said and MOVED not in said
    booking = her.bookings.get()
    assert (booking.state, booking.children, booking.childcare) == ("waitlisted", 1, "waiting")


@pytest.mark.parametrize("wants", [{}, {"children": 2}])
def test_the_event_was_moved_meanwhile(client, event, her, now, wants):
    form = opened(client, event)
    start = event.starts_at + DAY
    edit(event, now, starts_at=start, ends_at=start + DAY / 12, venue="礼嘉智慧公园")
    said = press(client, event, form, **wants)
    assert BOOKED in said and MOVED in said and "礼嘉智慧公园" in said
    assert her.bookings.get().state == "confirmed"
    event.refresh_from_db()
    assert MOVED not in press(client, event, form, shown=event.when_and_where)


def test_what_she_read_of_is_all_that_is_compared(client, event, her, now):
    form = opened(client, event)
    edit(event, now, title="新题", online_url="https://meeting.example.cn/1", capacity=5)
    assert MOVED not in press(client, event, form)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"booking_closes_at": True}, "报名已于"),
        ({"for_tiers": ["national"]}, "您档案里的人才层次"),
        ({"points_only": True}, "席位用积分兑换"),
    ],
)
def test_it_is_not_hers_to_book_any_more(client, event, her, now, change, words):
    form = opened(client, event)
    if "booking_closes_at" in change:
        change = {"booking_opens_at": now - 2 * DAY, "booking_closes_at": now - DAY / 24}
    edit(event, now, **change)
    said = press(client, event, form, children=1)
    assert words in said and BOOKED not in said
    assert not Booking.objects.exists()


def test_childcare_is_not_offered_any_more(client, event, her, now):
    form = opened(client, event)
    edit(event, now, childcare_places=0)
    assert "这场活动不提供儿童托管。" in press(client, event, form, children=1)
    assert not Booking.objects.exists()


def test_staff_approve_each_from_now_on(client, event, her, now):
    form = opened(client, event)
    edit(event, now, needs_approval=True)
    assert "报名已提交，审核结果会通知您。" in press(client, event, form)
    assert her.bookings.get().state == "pending"


def test_a_seat_that_is_offered_is_of_an_event_that_was_moved(client, event, her, now):
    edit(event, now, offer_hours=24)
    first, _hers = factories.booking(event, now=now), factories.booking(event, her, now=now)
    operations.cancel_booking(booking=first, by=None, now=now)
    page = client.get(event.get_absolute_url()).content.decode()
    shown = re.search(r'name="shown"\s+value="([^"]*)"', page)[1]
    edit(event, now, venue="礼嘉智慧公园")
    accept = f"/events/mine/{her.bookings.get().code}/accept/"
    said = client.post(accept, {"shown": shown}, follow=True).content.decode()
    assert "席位已确认" in said and MOVED in said
