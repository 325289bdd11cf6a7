"""Days, months and years of Asia/Shanghai, and the moments at which they begin.

A month is given as the date of its first day. Moments are aware datetimes; the zone has had no summer
time since 1991, so a day has 24 hours.
"""

from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.utils import timezone

LAST_SECOND = time(23, 59, 59)


def begin(day):
    """Return the moment at which a date begins."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def midnight(moment):
    """Return the beginning of the day a moment lies in."""
    return begin(timezone.localdate(moment))


def end_of_day(moment, *, days=0, months=0):
    """Return 23:59:59 of the day that many days and months after the one of `moment`.

    A month later than the 31st is the last day of a shorter month.
    """
    day = timezone.localdate(moment) + relativedelta(days=days, months=months)
    return datetime.combine(day, LAST_SECOND, tzinfo=timezone.get_default_timezone())


def month_of(moment):
    """Return the month a moment lies in."""
    return timezone.localdate(moment).replace(day=1)


def months_after(month, count):
    """Return the month `count` months after `month` (before it, where negative)."""
    return month + relativedelta(months=count)


def month_bounds(month):
    """Return the moments [start, end) of a month."""
    return begin(month), begin(months_after(month, 1))


def year_bounds(moment):
    """Return the moments [start, end) of the calendar year a moment lies in."""
    first = timezone.localdate(moment).replace(month=1, day=1)
    return begin(first), begin(first.replace(year=first.year + 1))


def quarter_of(moment):
    """Return the first month of the calendar quarter a moment lies in."""
    month = month_of(moment)
    return month.replace(month=month.month - (month.month - 1) % 3)


def within(field, start, end):
    """Return the filter "`field` lies in [start, end)"."""
    return {f"{field}__gte": start, f"{field}__lt": end}


def months_between(earlier, later):
    """Return how many months lie between two months (negative where `later` is earlier)."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


DAY = timedelta(days=1)
NIGHT_BEGINS, MORNING = time(22), time(9)
EVENING = time(21)


def out_of_night(moment):
    """Return `moment`, or 9:00 in the morning where it lies between 22:00 and then: nobody has to answer at night."""
    local = timezone.localtime(moment)
    if local.time() >= NIGHT_BEGINS:
        local += DAY
    elif local.time() >= MORNING:
        return moment
    return local.replace(hour=MORNING.hour, minute=0, second=0, microsecond=0)


def is_night(moment):
    """Tell whether `moment` lies in the night."""
    return out_of_night(moment) != moment


def evening_before(moment):
    """Return 21:00 of the evening before the day `moment` lies in."""
    return begin(timezone.localdate(moment) - DAY).replace(hour=EVENING.hour)
