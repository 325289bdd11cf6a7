"""Reminders, when their moment has come (events.reminders)."""

from django.db import transaction

from events import letters, reminders
from events.models import BookingState, Event


@transaction.atomic
def remind(*, event, now):
    """Remind everybody who has a seat and is not there yet of an event, at each of its moments once.

    Of several moments that have come since the clock last ran the last is told. Which have come is written in the
    transaction that queues the notices: a worker killed at any point has done both or neither. Returns how many
    were told.
    """
    event = Event.objects.locked(event)
    come = reminders.due(event, now)
    if not come or not event.is_published or event.has_started(now):
        return 0
    pass_by(event, now)
    if come[-1].good_until(event) <= now:
        return 0
    booked = event.bookings.filter(state=BookingState.CONFIRMED).select_related("talent__user")
    outgoing = [letters.reminder(b, event, come[-1]) for b in booked.order_by("place")]
    return len(letters.send(outgoing, now))


def pass_by(event, now):
    """Note which moments of an event have come, for the start it has now; the caller holds its lock."""
    event.reminded = [moment.kind for moment in reminders.come(event, now)]
    Event.objects.filter(pk=event.pk).update(reminded=event.reminded)
