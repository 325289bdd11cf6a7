"""When a limit ends: with its day in Asia/Shanghai, on a rest day with the next working day.

Days are counted from the day after (Civil Code, art. 201 and 203). A calendar that is corrected moves open limits later,
never earlier (`operations.clock.move_terms`).
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from places.holidays import or_next_working_day, working_days_after


def limit(start, days):
    """Return the last day of a limit of so many calendar days that begins on a date."""
    return or_next_working_day(start + timedelta(days=days))


def working_limit(start, days):
    """Return the last day of a limit of so many working days that begins on a date."""
    return working_days_after(start, days)


def after_months(start, months):
    """Return the day something is due so many months after a date."""
    return or_next_working_day(start + relativedelta(months=months))


def is_over(day, now):
    """Tell whether a last day lies behind a moment."""
    return timezone.localdate(now) > day
