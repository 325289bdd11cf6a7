"""Guests from outside the database: a number of women and of men, never a name."""

from django.db import transaction

from events import rules, seat_counts
from events.operations.locking import lock_event
from events.operations.seats import fill_seats
from privacy import audit


@transaction.atomic
def set_guests(*, event, women, men, by, now):
    """Say how many guests come, or came; each takes a seat for everybody, fewer let the queue move up.

    Saying the same again changes nothing. Raises Refused, what rules.why_not_guests returns. Returns the Event.
    """
    event = lock_event(event, rules.why_not_manage, by, "events.change_event")
    if (women, men) == (event.guests_women, event.guests_men):
        return event
    if error := rules.why_not_guests(event, women, men, now):
        raise error
    before = [event.guests_women, event.guests_men]
    event.guests_women, event.guests_men, event.updated_at = women, men, now
    event.save(update_fields=["guests_women", "guests_men", "updated_at"])
    seat_counts.moved()
    audit.record("events.set_guests", event, by=by, at=now, before=before, after=[women, men])
    fill_seats(event, by, now)
    return event
