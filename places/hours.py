"""Hours of a day and of a week: as they are typed, kept and read.

A day's hours are [[from, to], …] in minutes after midnight, in order, none overlapping; a week is a list of seven, Monday
first. Plain lists, because that is how a JSONField keeps them. Gaps are breaks; a day without hours is closed.
"""

import re
from itertools import groupby, pairwise

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.errors import Invalid
from kernel.text import squeeze
from kernel.words import WEEKDAYS, listed

DAY_ENDS = 24 * 60
SPAN = re.compile(r"(\d{1,2}):(\d\d)(?:[-–—−~至到])(\d{1,2}):(\d\d)[,、;]?")
ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NUMBERS = {name.lower(): n for n, name in enumerate(ENGLISH)}
NUMBERS |= {f"{week}{char}": n for week in ("周", "星期") for n, char in enumerate(WEEKDAYS)}
NUMBERS |= {"周天": 6, "星期天": 6}
NAME = "|".join(sorted(NUMBERS, key=len, reverse=True))
LINE = re.compile(
    rf"(?P<days>每天|everyday|(?:{NAME})(?:(?:[-–—~至到,、])(?:{NAME}))*)[:,]?(?P<hours>.*)",
    re.IGNORECASE,
)
CLOSED = ("", "休息", "不开放", "关闭", "closed")


def closed_week():
    """Return a week without hours."""
    return [[] for _day in range(7)]


def parse_day(text, *, field=None):
    """Return the hours of a day from what was typed: "9:00-12:00，13:30-17:30"; "" or 休息: none.

    Raises Invalid("hours_unreadable", "hours_backwards", "hours_overlap").
    """
    plain = squeeze(text).lower()
    if plain in CLOSED:
        return []
    if not re.fullmatch(f"(?:{SPAN.pattern})+", plain):
        sentence = _("请按“9:00-12:00，13:30-17:30”的样子填写时间，休息的写“休息”。")
        raise Invalid("hours_unreadable", sentence, field=field)
    spans = [[int(a) * 60 + int(b), int(c) * 60 + int(d)] for a, b, c, d in SPAN.findall(plain)]
    if any(int(minute) > 59 for found in SPAN.findall(plain) for minute in found[1::2]):
        raise Invalid("hours_unreadable", _("分钟只能是 00 到 59。"), field=field)
    if any(start >= end or end > DAY_ENDS for start, end in spans):
        sentence = _("结束时间要晚于开始时间，并且不晚于 24:00。")
        raise Invalid("hours_backwards", sentence, field=field)
    spans.sort()
    if any(first[1] > second[0] for first, second in pairwise(spans)):
        raise Invalid("hours_overlap", _("同一天的两段时间不能重叠。"), field=field)
    return spans


def parse_week(text, *, field=None):
    """Return a week from lines such as "周一至周五 9:00-17:30"; days that are not named are closed.

    Raises Invalid as `parse_day`, or "days_unreadable", "day_twice".
    """
    week, named = closed_week(), set()
    for number, line in enumerate((text or "").splitlines(), start=1):
        if not squeeze(line):
            continue
        found = LINE.fullmatch(squeeze(line))
        if not found:
            sentence = _(
                "第 %(number)s 行看不懂：请写“周一至周五 9:00-12:00，13:30-17:30”，每行几天。"
            )
            raise Invalid("days_unreadable", sentence % {"number": number}, field=field)
        days = _days(found["days"].lower())
        if named & days:
            sentence = _("第 %(number)s 行：同一天写了两次，请合成一行。")
            raise Invalid("day_twice", sentence % {"number": number}, field=field)
        named |= days
        spans = parse_day(found["hours"], field=field)
        for day in days:
            week[day] = [list(span) for span in spans]
    return week


def _days(text):
    if text in ("每天", "everyday"):
        return set(range(7))
    days, join, last = set(), "", None
    for part in re.findall(rf"{NAME}|[-–—~至到,、]", text):
        if part not in NUMBERS:
            join = part
            continue
        day = NUMBERS[part]
        through = last is not None and join not in ",、"
        days |= _through(last, day) if through else {day}
        last = day
    return days


def _through(first, last):
    """Return the weekdays from one to another, over Sunday where need be."""
    return {(first + step) % 7 for step in range((last - first) % 7 + 1)}


def clock(minute):
    """Return a minute of the day as 9:00."""
    return f"{minute // 60}:{minute % 60:02}"


def day_text(spans):
    """Return a day's hours in words: 9:00–12:00、13:30–17:30; 休息 for none."""
    return listed(f"{clock(start)}–{clock(end)}" for start, end in spans) or _("休息")


def week_lines(week):
    """Return the hours of a week as lines, days of the same hours together: 周一至周五 9:00–17:30."""
    return [
        f"{_run(numbers)} {day_text(week[numbers[0]])}"
        for _hours, days in groupby(range(7), key=week.__getitem__)
        for numbers in [list(days)]
    ]


def _run(numbers):
    if len(numbers) == 7:
        return _("每天")
    first, last = _name(numbers[0]), _name(numbers[-1])
    if len(numbers) == 1:
        return first
    return f"{first}–{last}" if get_language() == "en" else f"{first}至{last}"


def _name(day):
    return ENGLISH[day] if get_language() == "en" else f"周{WEEKDAYS[day]}"
