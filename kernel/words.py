"""Dates, moments and lists in words, in the language that is active and in Asia/Shanghai."""

from datetime import timedelta

from django.utils import timezone, translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

WEEKDAYS = "一二三四五六日"
MINUTE = timedelta(minutes=1)


def listed(items):
    """Return items in one line: 甲、乙, in English A, B."""
    return (", " if get_language() == "en" else "、").join(str(item) for item in items)


def either(items):
    """Return what one of is meant in one line: 甲、乙或丙, in English A, B or C."""
    *first, last = map(str, items)
    return _("%(first)s或%(last)s") % {"first": listed(first), "last": last} if first else last


def clauses(items):
    """Return clauses in one line: 甲；乙, in English A; B."""
    return ("; " if get_language() == "en" else "；").join(str(item) for item in items)


def money_text(value):
    """Return an amount of yuan as 100,000, with its cents where it has some."""
    return f"{value:,.2f}".removesuffix(".00")


def colon():
    """Return the colon of the language, with the blank that follows it in English."""
    return ": " if get_language() == "en" else "："


def labelled(label, text):
    """Return a label and what it stands before: 状态：待审核, in English Status: To be verified."""
    return f"{label}{colon()}{text}"


def weekday_text(value):
    """Return a date's weekday as 周日, in English as Sun."""
    return f"{value:%a}" if get_language() == "en" else f"周{WEEKDAYS[value.weekday()]}"


def day_text(value):
    """Return a date as 2026年3月8日 (周日), in English as Sun 8 March 2026."""
    if get_language() == "en":
        return f"{value:%a} {value.day} {value:%B %Y}"
    return f"{value.year}年{value.month}月{value.day}日 (周{WEEKDAYS[value.weekday()]})"


def record_day_text(value):
    """Return a date as 2026年3月8日, in English as 8 March 2026: a day of record, years away, needs no weekday."""
    if get_language() == "en":
        return f"{value.day} {value:%B %Y}"
    return f"{value.year}年{value.month}月{value.day}日"


def month_text(month):
    """Return a date's month as 2026年3月, in English as March 2026."""
    return f"{month:%B %Y}" if get_language() == "en" else f"{month.year}年{month.month}月"


def year_text(day):
    """Return a date's year as 2026年, in English as 2026."""
    return f"{day.year}" if get_language() == "en" else f"{day.year}年"


def date_text(day, exact):
    """Return as much of a date as is known ("day", "month", "year"), in words."""
    return {"day": day_text, "month": month_text, "year": year_text}[exact](day)


def moment_text(value):
    """Return an aware datetime in Asia/Shanghai as 2026年3月8日 (周日) 14:00."""
    local = timezone.localtime(value)
    return f"{day_text(local)}{',' if get_language() == 'en' else ''} {local:%H:%M}"


def span_text(start, end):
    """Return two moments as 2026年3月8日 (周日) 14:00–16:00; with both days where they are not one."""
    if timezone.localdate(start) == timezone.localdate(end):
        return f"{moment_text(start)}–{timezone.localtime(end):%H:%M}"
    return f"{moment_text(start)} – {moment_text(end)}"


def length_text(length):
    """Return a timedelta in one unit, rounded down: 3 天, 5 小时, 12 分钟; what is shorter is a minute."""
    minutes = max(1, length // MINUTE)
    if minutes < 60:
        return ngettext("%(n)s 分钟", "%(n)s 分钟", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(n)s 小时", "%(n)s 小时", hours) % {"n": hours}
    return ngettext("%(n)s 天", "%(n)s 天", hours // 24) % {"n": hours // 24}


def stamp(value):
    """Return an aware datetime in Asia/Shanghai as 2026-03-08 14:00, for tables that are sorted."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


def in_both_languages(render):
    """Return what `render()` says in Chinese and in English, as a notice keeps words: {language: text}."""
    both = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            both[language] = str(render())
    return both
