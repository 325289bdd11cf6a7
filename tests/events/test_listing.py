"""What the list offers: badges, counts and filters come from the rule of the booking."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import operations, rules
from events.listing import EventFilter
from events.models import Event, Session
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ZONE = timezone.get_default_timezone()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def events(now):
    """Return one event of each standing, by name."""
    start = {"starts_at": now + 72 * HOUR}
    made = {
        "open": factories.event(title="可报的", **start),
        "full": factories.event(title="满了的", capacity=1, **start),
        "not_open": factories.event(
            title="没开的", kind="forum", booking_opens_at=now + HOUR, **start
        ),
        "closed": factories.event(title="截止的", booking_closes_at=now - HOUR, **start),
        "started": factories.event(title="开始的", starts_at=now - HOUR),
    }
    operations.book(event=made["full"], talent=factories.talent(), by=None, now=now)
    return made


def badges(client, address):
    """Return {title: the last badge of its row}."""
    page = client.get(address).content.decode()
    rows = re.findall(r'<li class="row event-row">(.*?)</li>', page, flags=re.DOTALL)
    found = {}
    for row in rows:
        row = re.sub(
            r'<span class="whitespace-nowrap">(.*?)</span>', r"\1", row
        )  # a day in one piece
        title = re.search(r'<a href="/events/\w+/">(\S+?)</a>', row)[1]
        found[title] = re.findall(r'<span class="badge[^>]*>\s*(.*?)\s*</span>', row, re.DOTALL)[-1]
    return found


@pytest.mark.parametrize("address", ["/events/", "/"])
def test_a_badge_says_what_the_rule_of_the_booking_says(client, events, now, address):
    later = timezone.localtime(events["not_open"].booking_opens_at)
    shown = badges(client, address)
    expected = {
        "开始的": "正在进行",
        "可报的": "余 3 席",
        "满了的": "可候补",
        "没开的": f"{later:%H:%M} 开放报名",
        "截止的": "报名已截止",
    }
    assert {title: badge.split(") ")[-1] for title, badge in shown.items()} == {
        title: expected[title] for title in shown
    }
    offered = {title for title, badge in shown.items() if badge.startswith(("余", "可候补"))}
    talent = factories.talent()
    assert offered == {
        event.title
        for event in events.values()
        if event.title in shown and rules.why_not_book(event, talent, now) is None
    }


def choices(query, now):
    """Return {label: [(words, count, chosen)]} of the list at `query`."""
    narrowed = EventFilter(query, now=now)
    offered = narrowed.choices(Event.objects.upcoming(now))
    return [[(str(c.words), c.count, c.chosen) for c in choices] for _label, choices in offered]


def test_each_choice_says_how_many_it_finds_and_what_finds_nothing_is_not_offered(
    client, events, now
):
    openings, kinds, _months, *_more = choices({}, now)
    assert openings == [("全部活动", 5, True), ("可以报名", 2, False)]
    assert kinds == [("全部类型", 5, True), ("沙龙", 4, False), ("论坛", 1, False)]
    openings, kinds, _months, *_more = choices({"open": "on"}, now)
    assert openings == [("全部活动", 5, False), ("可以报名", 2, True)]
    assert kinds == []  # of those that can be booked all are salons: nothing to choose
    assert set(badges(client, "/events/?open=on")) == {"可报的", "满了的"}
    openings, kinds, _months, *_more = choices({"kind": "forum", "open": "on"}, now)
    assert openings == [("全部活动", 1, False), ("可以报名", 0, True)]
    assert ("论坛", 0, True) in kinds  # chosen, it stays to be taken back


def test_every_number_beside_a_choice_is_what_its_address_shows(client, events, now):
    factories.event(title="下下月", starts_at=now + timedelta(days=62), kind="talk")
    seen, waiting = set(), ["/events/"]
    while waiting:
        address = waiting.pop()
        page = client.get(address).content.decode()
        for link, count in re.findall(
            r'class="chip"\s+href="([^"]+)"[^>]*>[^<]*<span>(\d+)</span>', page
        ):
            target = "/events/" + unescape(link)
            assert len(badges(client, target)) == int(count), (address, target)
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    assert len(seen) > 8


def test_search_finds_title_summary_venue_and_speaker(client, now):
    start = {"starts_at": now + 72 * HOUR}
    factories.event(title="甲会", **start)
    second = factories.event(title="乙会", **start)
    her = factories.talent(full_name="林静怡")
    speaks = Session.objects.create(
        event=second, title="讲座", starts_at=second.starts_at, ends_at=second.ends_at
    )
    speaks.speakers.create(guest_name="沈书仪")
    speaks.speakers.create(talent=her)
    factories.event(title="丙会", venue="明月湖", **start)
    assert set(badges(client, "/events/?q=沈书仪")) == {"乙会"}
    assert set(badges(client, "/events/?q=静怡")) == {"乙会"}
    assert set(badges(client, "/events/?q= 明月 ")) == {"丙会"}
    page = client.get("/events/", {"q": "没有这个"}).content.decode()
    assert "没有符合条件的活动" in page
    assert 'value="没有这个"' in page
    assert client.get("/events/", {"q": "a\0"}).status_code in (200, 400)


@pytest.mark.parametrize("month", ["2026-99", "0001-01", "9999-12", "x"])
def test_a_month_that_is_none_is_left_out(client, events, month):
    assert len(badges(client, f"/events/?month={month}")) == 5


def test_months_are_those_of_chongqing():
    now = datetime(2026, 11, 23, 10, tzinfo=ZONE)
    factories.event(starts_at=datetime(2026, 12, 1, 0, 30, tzinfo=ZONE))
    factories.event(starts_at=datetime(2026, 11, 30, 23, tzinfo=ZONE))
    _openings, _kinds, months, *_more = choices({}, now)
    assert months == [("全部月份", 2, True), ("2026年11月", 1, False), ("2026年12月", 1, False)]


def test_the_numbers_are_one_query(events, now):
    narrowed = EventFilter({}, now=now)
    with CaptureQueriesContext(connection) as captured:
        narrowed.choices(Event.objects.upcoming(now))
    assert len(captured) == 1
