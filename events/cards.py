"""The app's part of 我的."""

from events import qr
from events.models import Booking, Event
from events.standing import offer
from talents.operations import own_record

SHOWN = 3
MOST = 50  # bookings she may have ahead of her; who has more reads them under 我的报名


def next_booking(request, now):
    """Return her next seat with its code, and what else she has ahead; else the way to the list.

    A place in the queue or an event that was called off is never the next seat, however near it is.
    """
    talent = own_record(request.user)
    if talent is None:
        return None
    coming = Booking.objects.coming(now).filter(talent=talent)
    coming = list(coming.with_queue_rank().select_related("event")[:MOST])
    if not coming:
        return {"next_booking": None} if talent.is_verified else None
    first = next((booking for booking in coming if booking.has_seat), None)
    return {
        "next_booking": first,
        "next_booking_qr": qr.svg(first) if first else "",
        "now": now,
        "other_bookings": [booking for booking in coming if booking is not first][:SHOWN],
    }


def open_events(request, now):
    """Return what can be booked at this moment and she has not booked."""
    events = Event.objects.bookable(now)
    if talent := own_record(request.user):
        events = events.not_booked_by(talent)
    opened = [(event, offer(event, now)) for event in events[:SHOWN]]
    return {"opened": opened} if opened else None
