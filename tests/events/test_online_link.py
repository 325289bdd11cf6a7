"""An online event may be published before its link is known: everybody is told the truth, staff are reminded of it."""

import pytest
from django.utils import timezone

from events import operations
from events.models import Event
from notices.models import Notice
from tests import factories
from tests.factories import NOW, timedelta

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


def page_of(client, event, talent):
    client.force_login(talent.user)
    return client.get(event.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("mode", "venue", "code", "link"),
    [
        ("online", "", False, True),
        ("both", "两江人才大厦", True, True),
        ("on_site", "两江人才大厦", True, False),
    ],
)
def test_she_is_told_how_she_takes_part(client, now, mode, venue, code, link):
    event = factories.event(
        mode=mode, venue=venue, starts_at=now + 9 * DAY, booking_opens_at=now - DAY
    )
    talent = factories.talent()
    client.force_login(talent.user)
    said = client.post(f"/events/{event.code}/book/", follow=True).content.decode()
    assert ("到场时请出示签到码" in said, "参加链接在活动开始前半小时" in said) == (code, not code)
    page = page_of(client, event, talent)
    assert ("出示签到码" in page, "线上参加的链接还没有公布，公布后会通知您。" in page) == (
        code,
        link,
    )
    letter = Notice.objects.get(kind="events.booked").body
    assert ("签到码" in letter, "链接" in letter) == (code, link)
    for mine in ("/events/mine/", "/me/"):
        page = client.get(mine).content.decode()
        assert ("到场出示此码签到" in page, "线上举行，不用签到码" in page) == (code, not code)


def test_a_link_that_is_filled_in_later_is_told_to_who_has_a_seat():
    event = factories.event(mode="online", venue="", starts_at=NOW + 9 * DAY)
    booking = factories.booking(event)
    changes = {"online_url": "https://meeting.example.cn/1"}
    operations.edit_event(event=event, changes=changes, by=event.organiser, now=NOW)
    told = Notice.objects.get(kind="events.changed")
    assert (told.recipient_id, told.context["what"]["zh-hans"]) == (
        booking.talent.user_id,
        "线上链接",
    )


def test_the_work_queue_counts_those_that_begin_soon_without_one():
    soon = {"mode": "online", "venue": "", "starts_at": NOW + 2 * DAY}
    missing = factories.event(**soon)
    both = factories.event(**soon | {"mode": "both", "venue": "两江人才大厦"})
    factories.event(**soon | {"online_url": "https://meeting.example.cn/1"})
    factories.event(**soon | {"mode": "on_site", "venue": "两江人才大厦"})
    factories.event(**soon | {"starts_at": NOW + 4 * DAY})
    factories.event(**soon | {"state": "draft"})
    found = Event.objects.soon_without_link(NOW).order_by("pk")
    assert list(found) == [missing, both]
    assert [event.lacks_link for event in found] == [True, True]
