"""A month as a table of its days, with what is held on each."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.utils import timezone

from kernel.days import month_bounds, month_of, months_after, months_between
from kernel.words import month_text

BACK, AHEAD = 24, 36  # months


@dataclass(frozen=True)
class Cell:
    """One day of the table; `events` are held on it, `inside` tells whether it is of the month shown."""

    day: date
    events: tuple
    inside: bool
    is_today: bool


class MonthForm(forms.Form):
    """Which month the address asks for; what does not fit is this one."""

    month = forms.DateField(required=False, input_formats=["%Y-%m"])

    def asked(self, now):
        """Return the month."""
        this = month_of(now)
        month = self.cleaned_data.get("month") if self.is_valid() else None
        if month is None or not -BACK <= months_between(this, month) <= AHEAD:
            return this
        return month


def weeks(events, month, now):
    """Return the rows of a month's table, Monday first: seven Cells each. One query."""
    start, end = month_bounds(month)
    held = {}
    for event in events.filter(starts_at__lt=end, ends_at__gt=start).order_by("starts_at", "pk"):
        for day in _days(event):
            held.setdefault(day, []).append(event)
    today = timezone.localdate(now)
    return [
        [Cell(day, tuple(held.get(day, ())), day.month == month.month, day == today) for day in row]
        for row in calendar.Calendar().monthdatescalendar(month.year, month.month)
    ]


def _days(event):
    """Return the days an event touches; one that ends at midnight does not touch the next."""
    day = timezone.localdate(event.starts_at)
    last = timezone.localdate(event.ends_at - timedelta(microseconds=1))
    while day <= last:
        yield day
        day += timedelta(days=1)


def beside(month, now):
    """Return (address, words) of the month before and the one after; None at the ends."""
    return [_step(months_after(month, step), now) for step in (-1, 1)]


def _step(month, now):
    if not -BACK <= months_between(month_of(now), month) <= AHEAD:
        return None
    return (f"?month={month:%Y-%m}", month_text(month))
