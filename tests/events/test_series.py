"""Series, and what is said of an event besides its time and place."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from events import operations, rules
from events.models import Event, Series, Stage
from kernel.errors import Invalid, Refused
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def series(name="青年学者沙龙", **fields):
    """Return a series of the women's federation."""
    fields = {"name": name, "department": factories.department()} | fields
    return operations.add_series(fields=fields, by=None, now=NOW)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def office(client, settings):
    """Return the browser of a clerk of the events' department."""
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(factories.staff("department_clerk"))
    return client


def in_three_days(now, **fields):
    return factories.event(**{"starts_at": now + 3 * DAY, "booking_opens_at": now - DAY} | fields)


# --- the page and the calendar ---------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_its_page_shows_what_comes_and_what_was_at_the_same_price(
    client, now, count, django_assert_num_queries
):
    found = series(description="每月一次。")
    for number in range(count):
        in_three_days(now, title=f"来{number}", series=found)
        factories.event(title=f"去{number}", starts_at=now - 9 * DAY, series=found)
        in_three_days(now, title="别的系列")
        in_three_days(now, title="只给受邀的人", series=found, visibility="invited")
        in_three_days(now, title="草稿", series=found, state="draft")
    client.get("/events/")
    # The series, what was, what comes, the seats.
    with django_assert_num_queries(4):
        page = client.get(found.get_absolute_url()).content.decode()
    assert [page.count(f">来{n}<") for n in range(3)] == [int(n < count) for n in range(3)]
    assert [page.count(f">去{n}<") for n in range(3)] == [int(n < count) for n in range(3)]
    assert [word in page for word in ("每月一次。", "别的系列", "只给受邀的人", "草稿")] == [
        True,
        False,
        False,
        False,
    ]


def test_a_hidden_series_has_no_page_and_no_calendar(client, now):
    found = series(is_visible=False)
    event = in_three_days(now, series=found)
    assert client.get(found.get_absolute_url()).status_code == 404
    assert client.get(f"/events/series/{found.code}.ics").status_code == 404
    assert found.name not in client.get(event.get_absolute_url()).content.decode()


def test_its_calendar_holds_its_public_events_in_the_zone_of_chongqing(client, now):
    found = series()
    first = in_three_days(now, title="第一场", series=found)
    off = in_three_days(
        now, title="取消的", series=found, state="cancelled", cancel_reason="暴雨", cancelled_at=now
    )
    in_three_days(now, title="别的")
    in_three_days(now, title="只给受邀的人", series=found, visibility="invited")
    answer = client.get(f"/events/series/{found.code}.ics")
    calendar = Calendar.from_ical(answer.content)
    entries = {str(e["SUMMARY"]): e for e in calendar.walk("VEVENT")}
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(calendar["NAME"]) == "青年学者沙龙"
    assert entries.keys() == {"第一场", "取消的"}
    assert entries["第一场"].decoded("DTSTART") == first.starts_at.replace(microsecond=0)
    assert entries["第一场"]["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert str(entries["取消的"]["STATUS"]) == "CANCELLED"
    assert entries["取消的"]["UID"] != entries["第一场"]["UID"]
    assert [str(z["TZID"]) for z in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert off.code in str(entries["取消的"]["UID"])


def test_an_event_leads_to_its_series(client, now):
    found = series()
    page = client.get(in_three_days(now, series=found).get_absolute_url()).content.decode()
    assert f'href="{found.get_absolute_url()}"' in page


# --- rules -----------------------------------------------------------------------------------------
def test_a_name_is_once_in_a_department():
    series()
    with pytest.raises(Invalid) as refused:
        series()
    assert (refused.value.code, refused.value.field) == ("name_taken", "name")
    elsewhere = series(department=factories.department("science_innovation"))
    with pytest.raises(Invalid) as refused:
        operations.edit_series(series=elsewhere, changes={"name": " "}, by=None, now=NOW)
    assert refused.value.code == "name_missing"
    assert Series.objects.count() == 2


def test_an_event_belongs_to_a_series_of_its_department_alone():
    elsewhere = series(department=factories.department("science_innovation"))
    event = factories.event()
    with pytest.raises(Invalid) as refused:
        operations.edit_event(event=event, changes={"series": elsewhere}, by=None, now=NOW)
    assert (refused.value.code, refused.value.field) == ("series_elsewhere", "series")
    event.refresh_from_db()
    assert event.series is None
    own = series()
    assert (
        operations.edit_event(event=event, changes={"series": own}, by=None, now=NOW).series == own
    )


def test_a_clerk_begins_a_series_and_finds_it_in_the_event_form(office):
    answer = office.post("/admin/events/series/add/", {"name": "青年沙龙", "is_visible": "on"})
    found = Series.objects.get()
    assert (answer.status_code, found.department) == (302, factories.department())
    series("别处的", department=factories.department("science_innovation"))
    page = office.get("/admin/events/event/add/").content.decode()
    assert ("青年沙龙" in page, "别处的" in page) == (True, False)
    event = factories.event(series=found)
    event.sessions.create(
        title="甲", starts_at=event.starts_at, ends_at=event.ends_at
    ).speakers.create(guest_name="李强", sex="1")
    page = office.get(f"/admin/events/series/{found.pk}/change/").content.decode()
    assert "0 / 1（0.0%）" in page


def test_staff_elsewhere_may_not_change_it():
    other = factories.staff("department_clerk", department_code="science_innovation")
    with pytest.raises(Refused):
        operations.edit_series(series=series(), changes={"name": "乙"}, by=other, now=NOW)


# --- who it is for, where, and in which state ------------------------------------------------------
def test_an_event_for_some_units_says_so_and_takes_no_others(client, now):
    unit, other = factories.unit("两江示例研究院"), factories.unit("别处示例公司")
    event = in_three_days(now, for_units=[unit.pk])
    hers, others = factories.talent(unit=unit), factories.talent(unit=other)
    assert rules.whom(event) == "单位为两江示例研究院的人才"
    assert "单位为两江示例研究院的人才" in client.get(event.get_absolute_url()).content.decode()
    assert rules.why_not_book(event, hers, now) is None
    refused = rules.why_not_book(event, others, now)
    assert (refused.code, "单位为两江示例研究院" in str(refused)) == ("not_eligible", True)
    with pytest.raises(Refused):
        operations.book(event=event, talent=others, by=others.user, now=now)
    assert operations.book(event=event, talent=hers, by=hers.user, now=now).state == "confirmed"


def form(clerk, start, **more):
    """Return what the form of an event sends."""
    return {
        "title": "线上分享",
        "kind": "salon",
        "measure": "2",
        "summary": "一句话",
        "mode": "on_site",
        "venue": "两江人才大厦",
        "starts_at_0": f"{start:%Y-%m-%d}",
        "starts_at_1": "14:00",
        "ends_at_0": f"{start:%Y-%m-%d}",
        "ends_at_1": "16:00",
        "capacity": "20",
        "visibility": "public",
        "offer_hours": "0",
        "organiser": clerk.pk,
    } | more


def test_the_mode_decides_what_is_asked_for(office, now):
    clerk, start = type(factories.user()).objects.get(is_staff=True), now + 9 * DAY
    answer = office.post("/admin/events/event/add/", form(clerk, start, venue=""))
    assert "请填写地点；只在线上举行的，请把举办形式改为“线上”。" in answer.content.decode()
    url = {"online_url": "https://meeting.example.cn/1"}
    office.post("/admin/events/event/add/", form(clerk, start, mode="online", **url))
    event = Event.objects.get()
    assert (event.venue, event.online_url, str(event.place)) == ("", url["online_url"], "线上")
    office.post("/admin/events/event/add/", form(clerk, start, title="现场", **url))
    assert Event.objects.get(title="现场").online_url == ""


def test_units_are_typed_by_name_and_unknown_ones_are_said(office, now):
    clerk, start = type(factories.user()).objects.get(is_staff=True), now + 9 * DAY
    unit = factories.unit("两江示例研究院")
    answer = office.post(
        "/admin/events/event/add/", form(clerk, start, for_units="两江示例研究院\n没有的单位")
    )
    assert "没有找到这些单位，请按单位库里的全称填写：没有的单位。" in answer.content.decode()
    office.post("/admin/events/event/add/", form(clerk, start, for_units="两江示例研究院\n"))
    event = Event.objects.get()
    assert event.for_units == [unit.pk]
    page = office.get(f"/admin/events/event/{event.pk}/change/").content.decode()
    assert "两江示例研究院</textarea>" in page
    none = in_three_days(now, organiser=clerk)
    shown = office.get(f"/admin/events/event/{none.pk}/change/").context["adminform"].form
    assert shown["for_units"].value() == ""


@pytest.mark.parametrize("capacity", ["-1", "0", "1000000000"])
def test_seats_nobody_has_are_refused(office, now, capacity):
    clerk = type(factories.user()).objects.get(is_staff=True)
    answer = office.post("/admin/events/event/add/", form(clerk, now + 9 * DAY, capacity=capacity))
    assert (answer.status_code, Event.objects.count()) == (200, 0)
    assert answer.context["errors"]


def test_the_stage_is_its_state_and_the_clock():
    event = factories.event(booking_closes_at=NOW + 2 * DAY)
    at = {
        "published": NOW,
        "closed": NOW + 2 * DAY,
        "running": event.starts_at,
        "over": event.ends_at,
    }
    assert {name: event.stage(moment).value for name, moment in at.items()} == {n: n for n in at}
    event.settled_at = event.ends_at
    assert event.stage(event.ends_at) == Stage.DONE
    assert factories.event(state="draft").stage(NOW) == Stage.DRAFT
