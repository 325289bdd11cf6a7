"""Opening hours: what is typed, what is kept, what readers are told, and what the clock says."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone, translation

from kernel.errors import Invalid
from places import hours, opening
from tests.places.make import place

pytestmark = pytest.mark.django_db
ZONE = timezone.get_default_timezone()


def at(text):
    """Return a moment in Chongqing."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9:00-12:00，13:30-17:30", [[540, 720], [810, 1050]]),
        ("13：30至17：30、9:00～12:00", [[540, 720], [810, 1050]]),
        ("9:00–24:00", [[540, 1440]]),
        ("休息", []),
        ("", []),
    ],
)
def test_a_day_is_read_as_people_type_it(typed, kept):
    assert hours.parse_day(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("9-12", "hours_unreadable"),
        ("9:00-12:60", "hours_unreadable"),
        ("12:00-9:00", "hours_backwards"),
        ("9:00-9:00", "hours_backwards"),
        ("9:00-25:00", "hours_backwards"),
        ("9:00-12:00，11:00-13:00", "hours_overlap"),
        ("早上九点", "hours_unreadable"),
    ],
)
def test_what_is_no_day_is_refused_in_a_sentence(typed, code):
    with pytest.raises(Invalid) as refused:
        hours.parse_day(typed)
    assert refused.value.code == code


def test_a_week_is_read_from_lines_and_shown_as_such_in_both_languages():
    typed = "周二至周五 9:00-12:00，13:30-17:30\n周六、周日 10:00-16:00"
    week = hours.parse_week(typed)
    lines = ["周一 休息", "周二至周五 9:00–12:00、13:30–17:30", "周六至周日 10:00–16:00"]
    assert hours.week_lines(week) == lines
    assert hours.parse_week("\n".join(lines)) == week
    with translation.override("en"):
        shown = hours.week_lines(week)
        assert shown[1:] == ["Tue–Fri 9:00–12:00, 13:30–17:30", "Sat–Sun 10:00–16:00"]
        assert hours.parse_week("\n".join(shown)) == week
    assert hours.week_lines(hours.parse_week("每天 0:00-24:00")) == ["每天 0:00–24:00"]
    assert hours.parse_week("周五至周一 9:00-10:00") == [
        [[540, 600]],
        [],
        [],
        [],
        *[[[540, 600]]] * 3,
    ]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("周一 9:00-10:00\n周一至周三 9:00-10:00", "day_twice"),
        ("周八 9:00-10:00", "days_unreadable"),
        ("周一 9:00", "hours_unreadable"),
    ],
)
def test_what_is_no_week_is_refused_in_a_sentence(typed, code):
    with pytest.raises(Invalid) as refused:
        hours.parse_week(typed)
    assert refused.value.code == code


def test_readers_are_told_whether_it_is_open_and_when_it_opens():
    there = place("周一至周五 9:00-12:00，13:30-17:30")
    assert [
        opening.status_text(there, at(moment))
        for moment in (
            "2026-11-23 08:59",
            "2026-11-23 09:00",
            "2026-11-23 12:00",
            "2026-11-23 17:29",
            "2026-11-23 17:30",
            "2026-11-27 18:00",
        )
    ] == [
        "还没有开放，今天 9:00 开放",
        "现在开放，12:00 关闭",
        "已关闭，今天 13:30 开放",
        "现在开放，17:30 关闭",
        "已关闭，明天 9:00 开放",
        "已关闭，周一 9:00 开放",
    ]
    there.active = False
    assert opening.status_text(there, at("2026-11-23 10:00")) == "暂不开放"
    assert not opening.is_open(there, at("2026-11-23 10:00"))


def test_readers_are_told_when_it_was_checked_and_to_ring_up_first_after_half_a_year():
    there = place()
    assert opening.verified_text(there, at("2026-11-23 10:00")) == ""
    there.verified_at = at("2026-11-02 10:00")
    assert opening.verified_text(there, at("2026-11-23 10:00")) == "信息核实于 2026年11月2日 (周一)"
    told = opening.verified_text(there, at("2027-06-23 10:00"))
    assert told == "信息核实于 2026年11月2日 (周一)，已超过半年，出发前请先打电话确认"


def test_other_hours_come_before_a_holiday_and_a_holiday_before_the_week():
    there = place("每天 9:00-17:00")
    national, day_after = date(2026, 10, 1), date(2026, 10, 2)
    there.other_hours.create(
        first_day=day_after, last_day=day_after, spans=[[600, 660]], reason="国庆值班"
    )
    found = opening.hours_between(there, date(2026, 9, 30), day_after)
    assert [(one.spans, one.reason) for one in found.values()] == [
        (((540, 1020),), ""),
        ((), "国庆节假期"),
        (((600, 660),), "国庆值班"),
    ]
    assert opening.next_opening(there, at("2026-09-30 18:00")) == at("2026-10-02 10:00")
    lines = opening.exceptions_text(there, at("2026-09-29 10:00"))
    assert lines[:2] == [
        "2026年10月1日 (周四) 休息（国庆节假期）",
        "2026年10月2日 (周五) 10:00–11:00（国庆值班）",
    ]
    there.closed_on_holidays = False
    assert opening.hours_on(there, national).spans == ((540, 1020),)


def test_is_open_and_next_opening_agree_minute_by_minute():
    there = place("周一 0:00-1:00，23:00-24:00\n周二 0:00-0:30")
    moment, week = at("2026-11-22 22:00"), []
    while moment < at("2026-11-25 00:00"):
        local = timezone.localtime(moment)
        minute = local.hour * 60 + local.minute
        spans = there.weekly[local.weekday()]
        expected = any(start <= minute < end for start, end in spans)
        assert opening.is_open(there, moment) == expected
        week.append((moment, expected))
        moment += timedelta(minutes=10)
    starts = [m for (_b, was), (m, now) in pairwise(week) if now and not was]
    assert opening.next_opening(there, at("2026-11-22 22:00")) == starts[0]
