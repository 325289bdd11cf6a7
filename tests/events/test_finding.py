"""How a stranger finds an event: by discipline, region and mode, in a month's table, by search engines."""

import json
import re
from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from events import month_view, operations
from events.models import Event
from tests import factories
from tests.api.conftest import make_partner

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


def soon(now, **fields):
    return factories.event(**{"starts_at": now + 3 * DAY, "booking_opens_at": now - DAY} | fields)


def titles(client, address):
    """Return the titles of the list."""
    return re.findall(
        r'<a href="/events/[A-Z0-9]+/">([^<]+)</a>', client.get(address).content.decode()
    )


def test_the_list_is_narrowed_by_discipline_region_and_mode(client, now):
    soon(now, title="甲", disciplines=["520", "510"], cooperation_region="yangtze_river")
    soon(now, title="乙", disciplines=["520"], mode="online", venue="")
    soon(now, title="丙")
    found = {
        query: titles(client, f"/events/?{query}")
        for query in ("discipline=520", "discipline=510", "region=yangtze_river", "mode=online")
    }
    assert {query: sorted(names) for query, names in found.items()} == {
        "discipline=520": sorted(["甲", "乙"]),
        "discipline=510": ["甲"],
        "region=yangtze_river": ["甲"],
        "mode=online": ["乙"],
    }
    assert len(titles(client, "/events/?discipline=nothing")) == 3


def series_called(name, **fields):
    fields |= {"name": name, "department": factories.department()}
    return operations.add_series(fields=fields, by=None, now=timezone.now())


def chips(client, address):
    """Return {words: (address, count)} of what the list offers to choose."""
    page = client.get(address).content.decode()
    found = re.findall(r'class="chip"\s+href="([^"]+)"[^>]*>\s*([^<]*?) <span>(\d+)</span>', page)
    return {words: (unescape(where), int(count)) for where, words, count in found}


def test_the_list_is_narrowed_by_place_and_series_and_says_how_many_each_finds(client, now):
    monthly = series_called("月度沙龙")
    soon(now, title="甲", venue="明月湖", series=monthly)
    soon(now, title="乙", venue="明月湖", kind="forum")
    soon(now, title="丙", venue="悦来", series=monthly)
    soon(now, title="丁", venue="", mode="online")
    offered = chips(client, "/events/")
    assert {words: offered[words][1] for words in ("全部地点", "明月湖", "悦来")} == {
        "全部地点": 4,
        "明月湖": 2,
        "悦来": 1,
    }
    assert (offered["全部系列"][1], offered["月度沙龙"][1]) == (4, 2)
    at_the_lake = f"/events/{offered['明月湖'][0]}"
    assert titles(client, at_the_lake) == ["甲", "乙"]
    assert titles(client, f"/events/{offered['月度沙龙'][0]}") == ["甲", "丙"]
    beside = chips(client, at_the_lake)
    assert (beside["月度沙龙"][1], beside["论坛"][1]) == (1, 1)
    assert titles(client, f"/events/{beside['月度沙龙'][0]}") == ["甲"]
    page = client.get("/events/").content.decode()
    assert page.count(f'<a href="{monthly.get_absolute_url()}">月度沙龙</a>') == 2


def test_twelve_places_at_most_are_offered_those_with_most_first_and_the_chosen_one_always(
    client, now
):
    for number in range(14):
        soon(now, title=f"会{number}", venue=f"会场{number:02d}")
    soon(now, title="又一场", venue="会场13")
    offered = chips(client, "/events/")
    assert [words for words in offered if words.startswith("会场")] == [
        "会场13",
        *(f"会场{number:02d}" for number in range(11)),
    ]
    assert chips(client, "/events/?place=会场12")["会场12"][1] == 1


def test_a_place_or_a_series_nobody_published_is_left_out_and_named_to_nobody(client, now):
    hidden = series_called("内部系列", is_visible=False)
    soon(now, title="甲", series=hidden)
    soon(now, title="乙", venue="密室", visibility="invited", series=series_called("闭门系列"))
    for query in ("place=密室", "place=快加微信领奖", f"series={hidden.code}", "series=x"):
        page = client.get(f"/events/?{query}").content.decode()
        assert titles(client, f"/events/?{query}") == ["甲"]
        assert [w for w in ("密室", "微信", "内部系列", "闭门系列") if w in page] == []


def test_a_chosen_place_where_nothing_is_planned_stays_to_be_taken_back(client, now):
    factories.event(title="去年的", venue="照母山", starts_at=now - 9 * DAY)
    soon(now, title="甲")
    page = client.get("/events/?place=照母山").content.decode()
    assert "没有符合条件的活动" in page
    assert chips(client, "/events/?place=照母山")["照母山"][1] == 0


def test_a_month_shows_each_day_what_is_held(client):
    now = datetime(2026, 12, 10, 10, tzinfo=ZONE)
    factories.event(title="一天", starts_at=datetime(2026, 12, 15, 14, tzinfo=ZONE))
    factories.event(
        title="三天",
        starts_at=datetime(2026, 12, 30, 9, tzinfo=ZONE),
        ends_at=datetime(2027, 1, 2, 0, tzinfo=ZONE),
    )
    events = Event.objects.published().listed()
    rows = month_view.weeks(events, date(2026, 12, 1), now)
    held = {
        str(cell.day): [event.title for event in cell.events]
        for row in rows
        for cell in row
        if cell.events
    }
    assert held == {
        "2026-12-15": ["一天"],
        "2026-12-30": ["三天"],
        "2026-12-31": ["三天"],
        "2027-01-01": ["三天"],
    }
    assert [len(row) for row in rows] == [7] * len(rows)


@pytest.mark.parametrize("count", [1, 3])
def test_a_month_costs_one_query_and_shows_nothing_that_is_not_public(
    client, now, count, django_assert_num_queries
):
    for number in range(count):
        soon(now, title=f"来{number}", starts_at=now + timedelta(minutes=5 + number))
        soon(now, title="只给受邀的人", visibility="invited")
        soon(now, title="草稿", state="draft")
    with django_assert_num_queries(1):
        page = client.get("/events/month/").content.decode()
    assert [f"来{n}</a>" in page for n in range(3)] == [n < count for n in range(3)]
    assert ("只给受邀的人" in page, "草稿" in page) == (False, False)


@pytest.mark.parametrize("asked", ["2026-99", "0001-01", "9999-12", "x", ""])
def test_a_month_that_is_none_is_this_one(client, asked):
    assert client.get(f"/events/month/?month={asked}").status_code == 200


def described(client, event):
    """Return what search engines read of an event."""
    page = client.get(event.get_absolute_url()).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1]) if found else None


def test_search_engines_read_an_event(client, now):
    event = soon(
        now, title="</script><b>甲", mode="both", online_url="https://meeting.example.cn/secret"
    )
    session = event.sessions.create(title="讲座", starts_at=event.starts_at, ends_at=event.ends_at)
    session.speakers.create(guest_name="李强")
    found = described(client, event)
    assert {name: found[name] for name in ("@type", "name", "eventStatus", "performer")} == {
        "@type": "Event",
        "name": "</script><b>甲",
        "eventStatus": "https://schema.org/EventScheduled",
        "performer": [{"@type": "Person", "name": "李强"}],
    }
    assert found["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in found["location"]] == ["Place", "VirtualLocation"]
    assert datetime.fromisoformat(found["startDate"]) == event.starts_at.replace(
        second=0, microsecond=0
    )
    assert found["startDate"].endswith("+08:00")
    assert "secret" not in json.dumps(found)


def test_a_cancelled_event_says_so_and_a_hidden_one_nothing(client, now):
    off = soon(now, state="cancelled", cancel_reason="暴雨", cancelled_at=now)
    assert described(client, off)["eventStatus"] == "https://schema.org/EventCancelled"
    hidden = soon(now, visibility="talents")
    client.force_login(factories.talent().user)
    assert described(client, hidden) is None


def test_partners_read_series_and_find_their_events():
    partner = make_partner()
    series = operations.add_series(
        fields={"name": "青年沙龙", "department": factories.department()},
        by=None,
        now=timezone.now(),
    )
    operations.add_series(
        fields={"name": "不公开", "department": factories.department(), "is_visible": False},
        by=None,
        now=timezone.now(),
    )
    event = factories.event(series=series, cooperation_region="yangtze_river", disciplines=["520"])
    factories.event()
    listed = partner.get("/event-series/").json()["results"]
    assert [(row["code"], row["name"]) for row in listed] == [(series.code, "青年沙龙")]
    for query in (f"series={series.code}", "cooperation_region=yangtze_river"):
        (row,) = partner.get(f"/events/?{query}").json()["results"]
        assert (row["code"], row["series"], row["disciplines"]) == (
            event.code,
            series.code,
            ["520"],
        )


def test_she_finds_what_she_may_book_and_why_it_suits_her(client, now):
    her = factories.talent(research_fields=["集成电路"])
    soon(now, title="集成电路沙龙")
    soon(now, title="仅入库人才的", visibility="talents")
    soon(now, title="只给受邀的人", visibility="invited")
    soon(now, title="限别的学科", for_disciplines=["520"])
    factories.booking(soon(now, title="已经报了"), her, now=now)
    client.force_login(her.user)
    page = client.get("/events/for-me/").content.decode()
    named = ("集成电路沙龙", "仅入库人才的", "只给受邀的人", "限别的学科", "已经报了")
    assert [f">{title}</a>" in page for title in named] == [True, True, False, False, False]
    assert "与您的研究方向有关：集成电路。" in page
    client.force_login(factories.user())
    assert client.get("/events/for-me/").status_code == 200
    client.logout()
    assert client.get("/events/for-me/").status_code == 302
