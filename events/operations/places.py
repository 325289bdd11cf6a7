"""The next place of an event's order."""

from events.models import Booking, BookingState


def next_place(event, talent, key, now):
    """Return her booking of the next place, not yet written."""
    event.last_place += 1
    return Booking(
        event=event,
        talent=talent,
        state=BookingState.PENDING,
        place=event.last_place,
        idempotency_key=key or None,
        booked_at=now,
    )
