"""When people are reminded of an event: three days, a day and an hour before it begins, never at night.

The clock asks each minute whose moment has come (events.operations.reminding), and whoever has the seat then is
reminded. Nothing is planned with the booking, so a new time, a seat given back, handed on or merged leaves nothing to
be taken back, and nobody is reminded of a time that is not true any more.
"""

from dataclasses import dataclass
from datetime import timedelta

from notices import quiet

LONGEST_NIGHT = timedelta(hours=12)
OF_USE = timedelta(minutes=30)  # before the start, at the latest


@dataclass(frozen=True)
class Moment:
    """One of the moments: the kind of its notice, how long before the start it is, and until how long before it is of use."""

    kind: str
    before: timedelta
    until: timedelta

    def due_at(self, event):
        """Return when it has come; where that would be at night, the morning or the evening before."""
        start = event.starts_at
        return quiet.leaves_at(
            start - self.before,
            start - self.before - LONGEST_NIGHT,
            essential=True,
            needed_by=start - max(self.until, OF_USE),
        )

    def good_until(self, event):
        """Return from when on the reminder makes no sense."""
        return event.starts_at - self.until


MOMENTS = (
    Moment("events.reminder_days", timedelta(days=3), timedelta(days=2)),
    # "Tomorrow" stays true: who is up late sends none.
    Moment("events.reminder_day", timedelta(days=1), timedelta(hours=14)),
    Moment("events.reminder_hour", timedelta(hours=1), timedelta()),
)
KINDS = tuple(moment.kind for moment in MOMENTS)
HORIZON = max(moment.before for moment in MOMENTS) + LONGEST_NIGHT


def come(event, now):
    """Return the Moments of an event that have come by `now`, those that are over as well."""
    return [moment for moment in MOMENTS if moment.due_at(event) <= now]


def due(event, now):
    """Return the Moments that have come and were not seen to yet."""
    return [moment for moment in come(event, now) if moment.kind not in event.reminded]
