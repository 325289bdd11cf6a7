"""What an activity of volunteers proposes as hours, and where each volunteer's hours stand."""

from dataclasses import dataclass

from django.db.models import CharField, Exists, OuterRef, Value, prefetch_related_objects
from django.db.models.functions import Cast, Concat

from care_points.models import ServiceHours
from events import minutes
from events.models import Booking
from events.rules.volunteering import HALF_HOUR


@dataclass(frozen=True)
class Volunteer:
    """One who came: her booking, the half hours her times inside make, and the ServiceHours of it, the newest, or None."""

    booking: Booking
    proposed: int
    hours: ServiceHours | None

    @property
    def is_recorded(self):
        """Tell whether hours of hers stand or wait."""
        return self.hours is not None and self.hours.state in ("recorded", "confirmed")


def origin(booking):
    """Return what the hours of a booking are counted from, as care_points keeps it."""
    return f"booking:{booking.pk}"


def proposed_half_hours(booking):
    """Return the whole half hours she was inside; reads event, sessions and passages, prefetch them for many."""
    return minutes.minutes_inside(booking) * minutes.MINUTE // HALF_HOUR


def volunteers(event):
    """Return a Volunteer for everybody who came to an event, in the order of their places. Four queries."""
    came = event.bookings.came().select_related("talent__user").prefetch_related("passages")
    came = list(came)
    prefetch_related_objects([event], "sessions")
    for booking in came:
        booking.event = event
    rows = ServiceHours.objects.filter(origin__in=[origin(booking) for booking in came])
    rows = rows.select_related("recorded_by", "decided_by", "replaces").order_by("pk")
    newest = {}
    for row in rows:
        stands = newest.get(row.origin)
        if not (stands and stands.state in ("recorded", "confirmed") and _is_over(row)):
            newest[row.origin] = row
    return [
        Volunteer(booking, proposed_half_hours(booking), newest.get(origin(booking)))
        for booking in came
    ]


def _is_over(row):
    return row.state in ("refused", "withdrawn", "revoked", "corrected")


def without_hours(events, at):
    """Keep the activities that are over and somebody came to whose hours nobody has recorded."""
    noted = ServiceHours.objects.exclude(state="withdrawn").filter(
        origin=Concat(Value("booking:"), Cast(OuterRef("pk"), CharField()))
    )
    came = Booking.objects.filter(event=OuterRef("pk"), state="attended").filter(~Exists(noted))
    over = events.filter(kind="volunteering", state="published", ends_at__lt=at)
    return over.filter(Exists(came)).order_by("ends_at")
