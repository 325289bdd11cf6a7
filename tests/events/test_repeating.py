"""An event held again: which days, which of them are holidays, and what a copy takes along."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from events import operations
from events.models import Event
from events.repeating import days_of
from kernel.errors import Invalid
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


def on(day, **fields):
    """Return an event from 14:00 to 16:00 of a day."""
    return factories.event(starts_at=datetime(*day, 14, tzinfo=ZONE), **fields)


@pytest.mark.parametrize(
    ("first", "every", "expected"),
    [
        ((2026, 9, 10), "week", ["2026-09-17", "2026-09-24", "2026-10-01"]),
        ((2026, 9, 10), "two_weeks", ["2026-09-24", "2026-10-08", "2026-10-22"]),
        ((2026, 9, 10), "month", ["2026-10-08", "2026-11-12", "2026-12-10"]),
        # The fifth Thursday, or the last where there is none.
        ((2026, 7, 30), "month", ["2026-08-27", "2026-09-24", "2026-10-29"]),
        ((2026, 9, 10), "year", ["2027-09-09", "2028-09-07", "2029-09-06"]),
    ],
)
def test_the_days_follow_the_rule(first, every, expected):
    found = days_of(on(first), every, 3, today=date(*first))
    assert [str(one.day) for one in found] == expected


def test_holidays_and_days_worked_instead_are_named():
    found = days_of(on((2026, 9, 24)), "week", 3, today=date(2026, 9, 1))
    assert [(str(one.day), one.note, one.is_off) for one in found] == [
        ("2026-10-01", "国庆节假期", True),
        ("2026-10-08", "", False),
        ("2026-10-15", "", False),
    ]
    (saturday, *_rest) = days_of(on((2026, 11, 21)), "week", 1, today=date(2026, 11, 1))
    assert (saturday.note, saturday.is_off) == ("周末", False)
    (unknown, *_rest) = days_of(on((2035, 1, 6)), "week", 1, today=date(2035, 1, 1))
    assert unknown.note == "周末，2035 年放假安排还没有公布，请核对"


def test_past_days_are_left_out():
    (first, *_rest) = days_of(on((2026, 9, 10)), "week", 1, today=date(2026, 10, 1))
    assert str(first.day) == "2026-10-08"


def test_a_copy_takes_words_seats_and_agenda_along_and_names_nobody():
    event = factories.event(online_url="https://meeting.example.cn/1", mode="both", capacity=9)
    her = factories.talent()
    operations.set_agenda(
        event=event, text=f"14:00–14:40 甲 | {her.code} | 一号厅", by=None, now=NOW
    )
    day = timezone.localdate(event.starts_at) + timedelta(days=14)
    (copy,) = operations.repeat_event(event=event, days=[day], by=None, now=NOW)
    session = copy.sessions.get()
    assert (copy.state, copy.capacity, copy.online_url) == ("draft", 9, "")
    assert (session.title, session.room, session.speakers.count()) == ("甲", "一号厅", 0)
    assert session.starts_at == copy.starts_at == event.starts_at + timedelta(days=14)


def test_doing_it_twice_makes_nothing_twice():
    event = factories.event()
    days = [timezone.localdate(event.starts_at) + timedelta(days=7 * n) for n in (1, 2)]
    assert len(operations.repeat_event(event=event, days=days, by=None, now=NOW)) == 2
    assert operations.repeat_event(event=event, days=days, by=None, now=NOW) == []
    assert Event.objects.count() == 3


@pytest.mark.parametrize(
    ("days", "code"),
    [([], "days_missing"), ([date(2020, 1, 1)], "start_in_past"), (27, "days_too_many")],
)
def test_days_that_cannot_be_are_refused_and_none_is_made(days, code):
    event = factories.event()
    if isinstance(days, int):
        days = [timezone.localdate(event.starts_at) + timedelta(days=n) for n in range(1, days + 1)]
    good = timezone.localdate(event.starts_at) + timedelta(days=7)
    with pytest.raises(Invalid) as refused:
        operations.repeat_event(event=event, days=days and [good, *days], by=None, now=NOW)
    assert (refused.value.code, Event.objects.count()) == (code, 1)


def test_a_clerk_sees_the_days_and_leaves_some_out(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(factories.staff("department_clerk"))
    start = timezone.now() + timedelta(days=3)
    event = factories.event(starts_at=start, booking_opens_at=timezone.now() - timedelta(days=1))
    where = f"/admin/events/event/{event.pk}/repeat/"
    assert client.get(where).status_code == 200
    shown = client.post(where, {"every": "week", "count": "3"})
    first, second, _third = shown.context["form"].fields["days"].choices
    assert (shown.status_code, Event.objects.count()) == (200, 1)
    sent = {"every": "week", "count": "3", "chosen": "1", "days": [first[0], second[0]]}
    assert client.post(where, sent).status_code == 302
    assert Event.objects.filter(state="draft").count() == 2
    assert client.post(where, sent | {"days": ["2020-01-01"]}).status_code == 422
    assert client.post(where, {"every": "week", "count": "99"}).status_code == 422
