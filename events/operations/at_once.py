"""The plain booking in one statement: she books for herself, nothing has changed since the event was read.

Step by step (events.operations.seats) a booking is five trips to the database inside the event's lock, which all
who want the same event wait for. This is one. Python asks the rules of the event as it was given and writes what
she will be told either way, with a seat and without one; the statement takes the lock, sees to it that everything
the rules and the letters rest on is still as it was (BASIS), and gives the seat or the place.

Whatever is not plain ends with nothing written and None: then the steps decide, and say why not. Both write the
same rows (tests/events/test_at_once.py).
"""

import json
from functools import cache

from django.db import connection

from events import letters, rules
from events.models import Booking, BookingState, Event
from events.operations import locking
from kernel import changes
from kernel.prepared import Statement
from notices.operations import LETTER, TELL, packed, wake_when_due
from talents.models import Talent

# All that the rules and letters of a booking read of an event, its seats apart.
BASIS = (
    *("state", "title", "mode", "venue", "sensitive_topic"),
    *("visibility", "for_tiers", "for_disciplines", "for_units", "needs_approval", "points_only"),
    *("starts_at", "ends_at", "booking_opens_at", "booking_closes_at"),
    "kept",  # nothing: a seat that is kept for some is given by the steps
    "leader_id",  # nobody: the seat of an hour of two is given by the steps
)
KEY = "#"  # stands in the letters' keys for the booking's, which the database gives
BOOK = """
    WITH held AS ({lock}
    ), next AS (
        SELECT CASE WHEN waiting = 0 AND seats_taken + guests_women + guests_men < capacity
                    THEN 'confirmed' ELSE 'waitlisted' END AS state,
               last_place + 1 AS place, waiting + 1 AS rank
          FROM held WHERE {unchanged} AND NOT EXISTS (
               SELECT 1 FROM events_bookinghold
                WHERE user_id = %(her_user_id)s AND lifted_at IS NULL AND until > %(at)s)
    ), booking AS (
        INSERT INTO events_booking
               (code, event_id, talent_id, state, place, idempotency_key, booked_at, reason, absence, check_ins,
                wants_track, children, childcare)
        SELECT %(code)s, %(event)s, %(talent)s, state, place, %(key)s, %(at)s, '', '', 0, false, 0, '' FROM next
            ON CONFLICT DO NOTHING
     RETURNING id, state, place
    ), entry AS (
        INSERT INTO privacy_auditentry (at, actor_id, action, object_type, object_id, reason, detail)
        SELECT %(at)s, %(her_user_id)s, 'events.book', 'events.booking', id::text, '',
               jsonb_build_object('state', state, 'place', place) FROM booking
    ), letter AS (
        SELECT recipient_id, kind, replace(object_key, '{key}', booking.id::text) AS object_key,
               CASE booking.state WHEN 'waitlisted' THEN context || jsonb_build_object('place', rank) ELSE context END
               AS context, link, discreet, due_at, good_until, leaves_at, essential
          FROM next, booking JOIN jsonb_to_recordset(%(letters)s) AS {letter}, state text) USING (state)
    ), {tell}
    SELECT booking.id, booking.state, booking.place, rank, (SELECT min(due_at) FROM delivery) FROM booking, next
"""


def book_herself(event, talent, now, key):
    """Return the Booking of a woman who books for herself, with `ahead` of her when she waits, or None: take the steps.

    `event` may have been read a while ago.
    """
    if not event.is_plain or rules.why_not_book(event, talent, now):
        return None
    booking = Booking(
        pk=KEY, event=event, talent=talent, idempotency_key=key or None, booked_at=now
    )
    with connection.cursor() as cursor:
        _statement(locking.WITH_TALENT).execute(cursor, _values(booking, now))
        found = cursor.fetchone()
    if found is None:
        return None
    booking.pk, booking.state, booking.place, rank, first_due = found
    booking.ahead = rank - 1 if booking.is_waitlisted else None
    booking._state.adding, booking._state.db = False, connection.alias
    changes.note("events.book")
    wake_when_due(first_due, now)
    return booking


@cache
def _statement(lock):
    basis = {name: _type(Event, name) for name in BASIS}
    hers = {f"her_{name}": _type(Talent, name) for name in locking.HER}
    others = {"event": "bigint", "talent": "bigint", "code": "text", "key": "text"}
    unchanged = " AND ".join(f"{name} IS NOT DISTINCT FROM %({name})s" for name in [*basis, *hers])
    return Statement(
        BOOK.format(lock=lock, unchanged=unchanged, key=KEY, letter=LETTER, tell=TELL),
        **(basis | hers | others | {"at": "timestamptz", "letters": "jsonb"}),
    )


def _type(model, name):
    return model._meta.get_field(name.removesuffix("_id")).db_type(connection)


def _values(booking, now):
    event, talent = booking.event, booking.talent
    basis = {name: getattr(event, name) for name in BASIS}
    hers = {f"her_{name}": getattr(talent, name) for name in locking.HER}
    return (
        basis
        | hers
        | {
            "event": event.pk,
            "talent": talent.pk,
            "code": booking.code,
            "key": booking.idempotency_key,
            "at": now,
            "letters": json.dumps(_letters(booking, event, now)),
        }
    )


def _letters(booking, event, now):
    """Return what she is told, with a seat and without; the statement takes those of the state it gives."""
    seat = [letters.booked(booking, event)]
    place = [letters.waitlisted(booking, event, 0)]
    told = {BookingState.CONFIRMED: seat, BookingState.WAITLISTED: place}
    return [packed(letter, now) | {"state": state} for state in told for letter in told[state]]
