"""The event's lock, which every operation on it or its bookings takes first."""

from functools import cache

from events.models import Event
from kernel import rows
from kernel.errors import raise_if
from kernel.prepared import Statement

HER = ("state", "user_id", "moved_away_on")  # what the rules ask of her record
HERS = ", ".join(f"talent.{name} AS her_{name}" for name in HER)
# Whoever takes her record out of the database holds its row and then locks the events of her bookings: one of the
# two waits for the other, and who books reads the record as the other left it. The record first (rows are locked
# in the order of the clauses), else both would wait when she books again what she has booked.
WITH_TALENT = f"""
    SELECT {rows.columns(Event, "event")}, {HERS}
      FROM events_event AS event, talents_talent AS talent
     WHERE event.id = %(event)s AND talent.id = %(talent)s
       FOR NO KEY UPDATE OF talent FOR UPDATE OF event
"""  # noqa: S608 (names of our own models)


def lock_event(event, rule, *asked):
    """Return `event` as it stands now, locked until the transaction ends, if `rule(event, *asked)` lets it.

    The rule of rights is asked of the row given, so that nobody who may not waits for the lock or lets
    others wait; and again of the locked one, whose organiser or topic may have changed meanwhile.
    Raises what the rule returns.
    """
    raise_if(rule(event, *asked))
    event = Event.objects.locked(event)
    raise_if(rule(event, *asked))
    return event


def lock_event_for(talent, event, rule, *asked):
    """Do what `lock_event` does for `rule(event, talent, *asked)`, and lock and read what `talent` may do and whose it is.

    Both in one statement, her record first. Raises what the rule returns.
    """
    raise_if(rule(event, talent, *asked))
    event, *hers = rows.locked(Event, _planned(WITH_TALENT), event=event.pk, talent=talent.pk)
    for name, value in zip(HER, hers, strict=True):
        setattr(talent, name, value)
    raise_if(rule(event, talent, *asked))
    return event


def locked_booking(booking, rule, *asked):
    """Return (event, booking) as they stand, the event locked. Raises what the rule of rights returns."""
    event = lock_event(booking.event, rule, *asked)
    booking = event.bookings.select_related("talent__user").get(pk=booking.pk)
    booking.event = event
    return event, booking


@cache
def _planned(sql):
    return Statement(sql, event="bigint", talent="bigint")
