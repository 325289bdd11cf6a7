"""When a place is open, for programs (`hours_on`, `is_open`, `next_opening`) and in words for readers."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import days
from kernel.words import clauses, weekday_text
from kernel.words import day_text as date_words
from places import hours
from places.holidays import holiday_on
from places.models import stale_before

LOOK_AHEAD = 30  # days whose exceptions readers are told
FARTHEST = 120  # days within which the next opening is looked for


@dataclass(frozen=True)
class Hours:
    """The hours of one day; `reason` says why they are not those of a usual week."""

    day: object
    spans: tuple
    reason: str = ""

    @property
    def moments(self):
        """Return the spans as aware moments."""
        return [tuple(at(self.day, minute) for minute in span) for span in self.spans]


def at(day, minute):
    """Return the moment of a date's minute."""
    return days.begin(day) + timedelta(minutes=minute)


def hours_between(place, first, last):
    """Return {date: Hours} of the days from `first` to `last`. One query, none where `other_hours` are prefetched."""
    others = list(place.other_hours.all())
    count = (last - first).days + 1
    return {day: _on(place, day, others) for day in (first + n * days.DAY for n in range(count))}


def hours_on(place, day):
    """Return the Hours of a date."""
    return hours_between(place, day, day)[day]


def _on(place, day, others):
    usual = tuple(map(tuple, place.weekly[day.weekday()]))
    if other := next((one for one in others if one.covers(day)), None):
        return Hours(day, tuple(map(tuple, other.spans)), other.reason)
    holiday = holiday_on(day) if place.closed_on_holidays and usual else None
    if holiday and holiday.is_off:
        return Hours(day, (), str(holiday))
    return Hours(day, usual)


def is_open(place, moment):
    """Tell whether the place is open at a moment."""
    today = hours_on(place, timezone.localdate(moment))
    return place.active and any(start <= moment < end for start, end in today.moments)


def next_opening(place, moment):
    """Return the next moment at which the place opens, None where it does not within FARTHEST days."""
    today = timezone.localdate(moment)
    ahead = hours_between(place, today, today + FARTHEST * days.DAY)
    starts = (start for one in ahead.values() for start, _end in one.moments)
    return next((start for start in starts if start > moment), None) if place.active else None


# --- in words -------------------------------------------------------------------------------------
def week_text(place):
    """Return a usual week in one line: 周一至周五 9:00–17:30；周六至周日 休息."""
    return clauses(hours.week_lines(place.weekly))


def status_text(place, moment):
    """Return whether it is open now and what comes next: 现在开放，17:30 关闭; 已关闭，明天 9:00 开放."""
    today = hours_on(place, timezone.localdate(moment))
    for start, end in today.moments if place.active else ():
        if start <= moment < end:
            return _("现在开放，%(time)s 关闭") % {"time": clock(end, today.day)}
    opens = next_opening(place, moment)
    if opens is None:
        return _("暂不开放")
    words = {"day": _day_ahead(opens, today.day), "time": clock(opens)}
    if timezone.localdate(opens) == today.day and not _was_open(today, moment):
        return _("还没有开放，%(day)s %(time)s 开放") % words
    return _("已关闭，%(day)s %(time)s 开放") % words


def _was_open(today, moment):
    return any(start <= moment for start, _end in today.moments)


def clock(moment, day=None):
    """Return the time of a moment as 9:00; the midnight that ends `day` as 24:00."""
    local = timezone.localtime(moment)
    return "24:00" if day and local.date() > day else f"{local.hour}:{local.minute:02}"


def _day_ahead(moment, today):
    day = timezone.localdate(moment)
    near = {0: _("今天"), 1: _("明天")}
    away = (day - today).days
    return near.get(away) or (weekday_text(day) if away < 7 else date_words(day))


def exceptions_text(place, moment):
    """Return a line for each stretch of days within LOOK_AHEAD days that are not as usual, holidays too."""
    today = timezone.localdate(moment)
    ahead = hours_between(place, today, today + LOOK_AHEAD * days.DAY)
    usual = [tuple(map(tuple, spans)) for spans in place.weekly]
    unusual = [
        one for one in ahead.values() if one.reason and one.spans != usual[one.day.weekday()]
    ]
    runs = groupby(enumerate(unusual), key=lambda pair: _run_of(*pair))
    return [_run_text([one for _n, one in run]) for _key, run in runs]


def _run_of(number, one):
    return one.day - number * days.DAY, one.reason, one.spans


def _run_text(run):
    first, last = run[0].day, run[-1].day
    when = date_words(first) if first == last else f"{date_words(first)} – {date_words(last)}"
    words = {"when": when, "hours": hours.day_text(run[0].spans), "reason": run[0].reason}
    return _("%(when)s %(hours)s（%(reason)s）") % words


def verified_text(place, moment):
    """Return when what is said of a place was last checked; to telephone first where that is too long ago; "" where never.

    "" of a unit's own as well: who visits it says when, on the page of what it is.
    """
    if place.verified_at is None or place.unit_id:
        return ""
    words = {"on": date_words(timezone.localdate(place.verified_at))}
    if place.verified_at < stale_before(moment):
        return _("信息核实于 %(on)s，已超过半年，出发前请先打电话确认") % words
    return _("信息核实于 %(on)s") % words
