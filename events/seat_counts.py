"""The seats of events to come, as pages show them: read at most every half second in each process.

What a page shows is at most that old; the decision about a seat is made by the booking operation under
its lock, never from here.
"""

import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from events.models import Event
from kernel import holes
from kernel.prepared import Prepared

MOST_EVENTS = 2000


@contextmanager
def many_moved(event):
    """Have the bookings written inside counted once after, by the database, in place of each on its own.

    Each on its own writes the event's row anew, and has to pass all its versions of this transaction: ten thousand
    take half a minute. The caller holds the event's lock.
    """
    _tell("portal.keep_seat_counts", "on")
    yield
    _tell("portal.keep_seat_counts", "")
    _tell("portal.count_seats_anew", "on")
    # The event first: as many kept seats as its pools then say have room.
    Event.objects.filter(pk=event.pk).update(updated_at=F("updated_at"))
    event.pools.update(seats=F("seats"))
    _tell("portal.count_seats_anew", "")


def _tell(name, value):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


# What badges, an event's seats and the reader's booking card say of an event, and what a booking rests on.
COLUMNS = (
    "id",
    "code",
    "title",
    "mode",
    "venue",
    "online_url",
    "starts_at",
    "ends_at",
    "booking_opens_at",
    "booking_closes_at",
    "capacity",
    "department_id",
    "organiser_id",
    "sensitive_topic",
    "state",
    "visibility",
    "for_tiers",
    "for_disciplines",
    "for_units",
    "needs_approval",
    "points_only",
    "leader_id",
    "offer_hours",
    "seats_taken",
    "waiting",
    "kept",
    "pooled",
    "guests_women",
    "guests_men",
    "childcare_places",
    "childcare_taken",
    "transfers_until",
    "takes_photos",
)

COMING = Prepared(
    lambda at, codes: (
        Event.objects.published().filter(ends_at__gt=at, code__any=codes).only(*COLUMNS)
    ),
    at=datetime,
    codes=list,
)

_cached = {}


@dataclass(frozen=True)
class Count:
    """The seats of one event (`event` knows COLUMNS; None: it is not to come) and when they were read."""

    event: Event | None
    moment: holes.Moment


def of(codes):
    """Return ({code: an Event that knows its seats and when it may be booked} for those of `codes` still to come, when they were read).

    The moment is by time.monotonic(), that of the oldest: the page that shows them is no newer.
    """
    counts = _counts(codes)
    read_at = min((count.moment.read_at for count in counts.values()), default=time.monotonic())
    return {code: count.event for code, count in counts.items() if count.event}, read_at


def known(code):
    """Return the event as it was last read here, however long ago, or None when it is not to come: not for showing."""
    count = _cached.get(code) or _counts([code])[code]
    return count.event


def _counts(codes):
    kept = (
        {code: _cached[code] for code in codes if code in _cached} if settings.PUBLIC_CACHE else {}
    )
    current = {code: count for code, count in kept.items() if count.moment.is_current()}
    if missing := [code for code in codes if code not in current]:
        current |= _keep(_read(missing))
    return current


def _keep(counts):
    if len(_cached) + len(counts) > MOST_EVENTS:
        _cached.clear()
    _cached.update(counts)
    return counts


def _read(codes):
    moment = holes.Moment.now()  # before: what moves is newer
    events = {event.code: event for event in COMING(at=timezone.now(), codes=list(codes))}
    return {code: Count(events.get(code), moment) for code in codes}


def moved():
    """Say that seats were taken or given back; this process shows it as soon as that is committed."""
    transaction.on_commit(holes.moved, robust=True)
