"""The days on which an event is held again, and what is to be known of each: public holidays, weekends."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from places.holidays import are_known, holiday_on

MOST = 26
WEEK = timedelta(days=7)


class Every(models.TextChoices):
    """How often."""

    WEEK = "week", gettext_lazy("每周")
    TWO_WEEKS = "two_weeks", gettext_lazy("每两周")
    FOUR_WEEKS = "four_weeks", gettext_lazy("每四周")
    MONTH = "month", gettext_lazy("每月同一个周几，如第二个周四")
    YEAR = "year", gettext_lazy("每年同一个周几（52 周后）")


WEEKS = {Every.WEEK: 1, Every.TWO_WEEKS: 2, Every.FOUR_WEEKS: 4, Every.YEAR: 52}


@dataclass(frozen=True)
class Day:
    """A day an event may be held on; `note` says what speaks against it, `is_off` that it is a public holiday."""

    day: date
    note: str = ""
    is_off: bool = False


def days_of(event, every, count, *, today):
    """Return the next `count` Days after the event's own by the rule `every`, none of them past."""
    first, days, step = timezone.localdate(event.starts_at), [], 0
    while len(days) < min(count, MOST):
        step += 1
        if (day := _after(first, every, step)) > today:
            days.append(_known(day))
    return days


def _after(first, every, step):
    if every == Every.MONTH:
        return _same_weekday(first, first.replace(day=1) + relativedelta(months=step))
    return first + step * WEEKS[Every(every)] * WEEK


def _same_weekday(first, month):
    """Return the day of `month` that is the same weekday, the same one of them; its last where it has no fifth."""
    nth = (first.day - 1) // 7
    begin = month + timedelta(days=(first.weekday() - month.weekday()) % 7)
    day = begin + nth * WEEK
    return day if day.month == month.month else day - WEEK


def _known(day):
    """Return a day with what the State Council's notice says of it; where the year has none yet, by its weekday."""
    if holiday := holiday_on(day):
        return Day(day, str(holiday), is_off=holiday.is_off)
    notes = [_("周末")] if day.weekday() > 4 else []
    if not are_known(day.year):
        notes.append(_("%(year)s 年放假安排还没有公布，请核对") % {"year": day.year})
    return Day(day, "，".join(notes))
