"""The app's part of 我的."""

from events import qr
from events.models import Booking, Event
from talents.operations import own_record

SHOWN = 3


def _coming(request, now):
    """Return her next bookings, asked once for all cards of a page."""
    if not hasattr(request, "coming_bookings"):
        talent = own_record(request.user)
        coming = Booking.objects.coming(now).filter(talent=talent).select_related("event")
        request.coming_bookings = list(coming[:SHOWN]) if talent else []
    return request.coming_bookings


def next_booking(request, now):
    """Return her next booking with its code; for a verified woman without one, the way to the list."""
    bookings, talent = _coming(request, now), own_record(request.user)
    if not bookings:
        return {"next_booking": None} if talent and talent.is_verified else None
    first, *others = bookings
    return {
        "next_booking": first,
        "next_booking_qr": qr.svg(first) if first.is_confirmed else "",
        "other_bookings": others,
    }


def open_events(request, now):
    """Return what she could book and has not."""
    booked = {booking.event_id for booking in _coming(request, now)}
    events = Event.objects.bookable(now)[: SHOWN + len(booked)]
    opened = [event for event in events if event.pk not in booked][:SHOWN]
    return {"opened": opened} if opened else None
