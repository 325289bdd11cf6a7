"""Calendars to subscribe to: the programme for everybody, her bookings at an address only she knows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from events import operations
from events.models import CalendarLink
from kernel.errors import Refused
from tests import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def now():
    return timezone.now()


def entries(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    calendar = Calendar.from_ical(answer.content)
    return {entry["SUMMARY"]: entry for entry in calendar.events}


def hers(link):
    return reverse("her_calendar", args=[link.user.code, link.secret])


def opened(talent, now):
    return operations.make_calendar_link(user=talent.user, by=talent.user, now=now)


def test_the_programme_holds_what_is_public_and_to_come(client, now):
    factories.event(title="材料沙龙", starts_at=now + DAY)
    factories.event(
        title="停办的论坛",
        starts_at=now + DAY,
        state="cancelled",
        cancel_reason="暴雨",
        cancelled_at=now,
    )
    factories.event(title="闭门会", starts_at=now + DAY, visibility="invited")
    factories.event(title="草稿", starts_at=now + DAY, state="draft")
    factories.event(title="去年的", starts_at=now - 9 * DAY)
    found = entries(client, reverse("events_calendar"))
    assert {title: entry["STATUS"] for title, entry in found.items()} == {
        "材料沙龙": "CONFIRMED",
        "停办的论坛": "CANCELLED",
    }


def test_times_are_those_of_shanghai_with_the_zone_described(client, now):
    event = factories.event(title="材料沙龙", starts_at=now + DAY)
    text = client.get(reverse("events_calendar")).content.decode()
    start = timezone.localtime(event.starts_at)
    assert f"DTSTART;TZID=Asia/Shanghai:{start:%Y%m%dT%H%M%S}" in text
    assert "BEGIN:VTIMEZONE" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in text


def test_her_calendar_tells_seats_from_what_is_awaited_and_names_nothing_sensitive(client, now):
    talent = factories.talent()
    seat = factories.event(title="材料沙龙", starts_at=now + DAY)
    full = factories.event(title="满员论坛", starts_at=now + 2 * DAY, capacity=1)
    quiet = factories.event(title="情绪支持小组", starts_at=now + 3 * DAY, sensitive_topic=True)
    factories.booking(full, now=now)
    for event in (seat, full, quiet):
        factories.booking(event, talent, now=now)
    gone = factories.booking(factories.event(title="不去了", starts_at=now + DAY), talent, now=now)
    operations.cancel_booking(booking=gone, by=talent.user, now=now)
    address = hers(opened(talent, now))
    found = entries(client, address)
    assert {title: entry["STATUS"] for title, entry in found.items()} == {
        "材料沙龙": "CONFIRMED",
        "满员论坛": "TENTATIVE",
        "已预约的活动": "CONFIRMED",
    }
    text = client.get(address).content.decode()
    assert ("情绪" in text, text.count("两江人才大厦")) == (False, 2)
    assert "no-store" in client.get(address)["Cache-Control"]


def test_nobody_guesses_an_address_and_a_new_one_ends_the_old(client, now):
    talent, other = factories.talent(), factories.talent()
    old = hers(opened(talent, now))
    foreign = opened(other, now)
    wrong = [
        reverse("her_calendar", args=[talent.user.code, foreign.secret]),
        reverse("her_calendar", args=[talent.user.code, "0" * 32]),
        reverse("her_calendar", args=["NOSUCHCODE", foreign.secret]),
        reverse("her_calendar", args=[talent.user.code, "密"]),
    ]
    assert [client.get(address).status_code for address in wrong] == [404] * 4
    new = hers(opened(talent, now + DAY))
    assert [client.get(address).status_code for address in (old, new)] == [404, 200]
    operations.drop_calendar_link(user=talent.user, by=talent.user, now=now)
    operations.drop_calendar_link(user=talent.user, by=talent.user, now=now)
    assert client.get(new).status_code == 404


def test_a_closed_account_has_no_calendar(client, now):
    talent = factories.talent()
    address = hers(opened(talent, now))
    talent.user.is_active = False
    talent.user.save()
    assert client.get(address).status_code == 404


def test_only_she_herself_opens_it(now):
    talent, other = factories.talent(), factories.talent()
    with pytest.raises(Refused):
        operations.make_calendar_link(user=talent.user, by=other.user, now=now)


def test_she_opens_changes_and_closes_it_on_her_page(client, now):
    talent = factories.talent()
    client.force_login(talent.user)
    page = reverse("my_calendar")
    assert "启用日历订阅" in client.get(page).content.decode()
    shown = client.post(page, follow=True).content.decode()
    first = CalendarLink.objects.get().secret
    assert first in shown
    client.post(page)
    assert CalendarLink.objects.get().secret != first
    assert "已停用" in client.post(page, {"do": "drop"}, follow=True).content.decode()
    assert CalendarLink.objects.count() == 0


def test_the_feeds_ask_as_much_for_one_as_for_three(client, now, django_assert_num_queries):
    talent = factories.talent()
    address = hers(opened(talent, now))
    for number in (1, 2):
        for _ in range(number):
            factories.booking(factories.event(starts_at=now + DAY), talent, now=now)
        with django_assert_num_queries(
            2
        ):  # the link with its account, the bookings with their events
            client.get(address)


# --- read back without the library that wrote them --------------------------------------------------
def lines_of(content):
    """Return the content lines of an iCalendar file (RFC 5545, 3.1): ended by CRLF, folded at 75 octets."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    folded = content.split(b"\r\n")[:-1]
    assert max(map(len, folded)) <= 75
    return b"\r\n".join(folded).replace(b"\r\n ", b"").decode().split("\r\n")


def components(content):
    """Return [(name, {property: (parameters, value)})] of the components of a file, properly nested."""
    open_ones, found = [], []
    for line in lines_of(content):
        head, _, value = line.partition(":")
        name, *parameters = head.split(";")
        if name == "BEGIN":
            open_ones.append((value, {}))
        elif name == "END":
            found.append(open_ones.pop())
            assert found[-1][0] == value
        else:
            open_ones[-1][1][name] = (parameters, value)
    assert open_ones == []
    return found


def test_feeds_are_read_by_who_knows_nothing_of_the_library_that_wrote_them(client, now):
    start = datetime(2026, 12, 15, 14, tzinfo=ZONE)
    series = operations.add_series(
        fields={"name": "月度沙龙", "department": factories.department()}, by=None, now=now
    )
    talent = factories.talent()
    event = factories.event(
        title="材料沙龙; 第一场, “看” " + "很长的名称" * 8, starts_at=start, series=series
    )
    factories.booking(event, talent, now=start - DAY)
    for address in (
        reverse("events_calendar"),
        reverse("series_calendar", args=[series.code]),
        hers(opened(talent, now)),
        reverse("event_calendar", args=[event.code]),
    ):
        found = components(client.get(address).content)
        assert [name for name, _about in found][-1] == "VCALENDAR"
        ((_name, about),) = [one for one in found if one[0] == "VEVENT"]
        (zone,) = [one for one in found if one[0] == "VTIMEZONE"]
        offsets = {about["TZOFFSETTO"][1] for name, about in found if name == "STANDARD"}
        assert zone[1]["TZID"][1] == "Asia/Shanghai"
        assert "+0800" in offsets
        assert about["DTSTART"] == (["TZID=Asia/Shanghai"], "20261215T140000")
        assert about["DTEND"] == (["TZID=Asia/Shanghai"], "20261215T160000")
        assert event.title.replace(";", "\\;").replace(",", "\\,") in about["SUMMARY"][1]
        assert {"UID", "DTSTAMP", "SEQUENCE"} <= about.keys()


# --- read back by another library, with the zone the file itself describes ---------------------------------
def read_by_another(client, address):
    """Return {title: entry} as vobject reads a feed: written by other people than the library that wrote it."""
    calendar = vobject.readOne(client.get(address).content.decode())
    calendar.vtimezone  # noqa: B018 (a calendar without its zone has none)
    return {entry.summary.value: entry for entry in calendar.vevent_list}


def test_another_library_reads_the_same_hours_and_states_in_every_feed(client, now):
    start = (now + DAY).astimezone(ZONE).replace(hour=8, minute=30, second=0, microsecond=0)
    fields = {"name": "月度沙龙", "department": factories.department()}
    series = operations.add_series(fields=fields, by=None, now=now)
    talent = factories.talent()
    seat = factories.event(title="材料沙龙; 第一场, “看”", starts_at=start, series=series)
    full = factories.event(title="满员论坛", starts_at=start + DAY, capacity=1)
    off = factories.event(title="停办的论坛", starts_at=start + 2 * DAY, series=series)
    quiet = factories.event(title="情绪支持小组", starts_at=start + 3 * DAY, sensitive_topic=True)
    hidden = factories.event(title="闭门会", starts_at=start + DAY, visibility="invited")
    factories.booking(full, now=now)
    for event in (seat, full, off, quiet):
        factories.booking(event, talent, now=now)
    operations.cancel_event(event=off, reason="暴雨红色预警", by=None, now=now)
    everything = {seat.title: "CONFIRMED", full.title: "CONFIRMED", off.title: "CANCELLED"}
    expected = {
        reverse("events_calendar"): everything | {quiet.title: "CONFIRMED"},
        reverse("series_calendar", args=[series.code]): {
            seat.title: "CONFIRMED",
            off.title: "CANCELLED",
        },
        hers(opened(talent, now)): everything
        | {full.title: "TENTATIVE", "已预约的活动": "CONFIRMED"},
        reverse("event_calendar", args=[seat.code]): {seat.title: "CONFIRMED"},
    }
    for address, states in expected.items():
        found = read_by_another(client, address)
        assert {title: entry.status.value for title, entry in found.items()} == states
        entry = found[seat.title]
        # The file's own description of the zone is what the moment is read by: 08:30 there is 00:30 UTC.
        assert entry.dtstart.value == start.astimezone(UTC)
        assert entry.dtend.value - entry.dtstart.value == seat.ends_at - seat.starts_at
        assert (entry.dtstart.params["X-VOBJ-ORIGINAL-TZID"], entry.dtstart.value.hour) == (
            ["Asia/Shanghai"],
            8,
        )
        assert hidden.title not in found
    sequence = {title: int(entry.sequence.value) for title, entry in found.items()}
    moved = {"starts_at": start + timedelta(hours=1), "ends_at": start + timedelta(hours=3)}
    operations.edit_event(event=seat, changes=moved, by=None, now=now)
    entry = read_by_another(client, address)[seat.title]
    assert entry.dtstart.value == moved["starts_at"]
    assert int(entry.sequence.value) == sequence[seat.title] + 1
