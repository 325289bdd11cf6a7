"""The leader of an activity says how long each volunteer served; a colleague confirms it (care_points)."""

from django.db import transaction
from django.db.models import prefetch_related_objects

from care_points.models import HoursSource
from care_points.operations.hours import note_hours
from events import minutes, rules, volunteering
from events.operations.locking import lock_event
from events.rules.volunteering import HALF_HOUR
from kernel.errors import DomainError

CHECK_IN = "events.check_in_booking"


@transaction.atomic
def record_volunteers(*, event, hours, by, now):
    """Record volunteer hours of those who came, for a colleague to confirm: all of them or none.

    `hours` are {code of a booking: half hours}. What equals the times of checking in and out rests on them, else on
    the leader's word. The same again changes nothing; her own hours nobody records. Raises Refused, what
    rules.why_not_record_volunteers and why_not_serve_so_long return, and what care_points raises of a woman's hours;
    the error's `field` is the booking's code. Returns the ServiceHours.
    """
    event = lock_event(event, rules.why_not_see_names, by, CHECK_IN)
    if error := rules.why_not_record_volunteers(event, now):
        raise error
    rows = event.bookings.filter(code__in=hours).select_related("talent__user")
    prefetch_related_objects([event], "sessions")
    noted = []
    for booking in rows.prefetch_related("passages").order_by("talent_id"):  # accounts in one order
        booking.event = event
        try:
            noted.append(_noted(booking, hours[booking.code], by, now))
        except DomainError as error:
            error.field = booking.code
            raise
    return noted


def _noted(booking, half_hours, by, now):
    event = booking.event
    if error := rules.why_not_serve_so_long(event, booking, half_hours):
        raise error
    counted = half_hours == volunteering.proposed_half_hours(booking)
    return note_hours(
        talent=booking.talent,
        activity=event.title,
        starts_at=_began(booking, half_hours),
        half_hours=half_hours,
        source=HoursSource.CHECK_IN if counted else HoursSource.LEADER,
        origin=volunteering.origin(booking),
        by=by,
        now=now,
    )


def _began(booking, half_hours):
    """Return when her hours began: when she came, where they fit from then on into the activity."""
    event = booking.event
    came = min((came for came, _left in minutes.times_inside(booking)), default=event.starts_at)
    fits = event.starts_at < came and came + half_hours * HALF_HOUR <= event.ends_at
    return came if fits else event.starts_at
