"""The seats of all events to come, as pages show them: one statement every half second in each process.

What a page shows is at most that old; the decision about a seat is made by the booking operation under
its lock, never from here.
"""

import time

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from events.models import Event
from kernel import content, holes

_cached = {"read_at": None, "generation": None, "events": {}}


def of(codes):
    """Return {code: an Event that knows its seats and nothing else} for those of `codes` still to come."""
    if not settings.PUBLIC_CACHE:
        events = _read(code__in=codes)
    else:
        now, generation = time.monotonic(), holes.generation()
        old = _cached["read_at"] is None or now - _cached["read_at"] >= content.VERSION_SECONDS
        if old or _cached["generation"] != generation:
            _cached.update(events=_read(), read_at=now, generation=generation)
        events = _cached["events"]
    return {code: events[code] for code in codes if code in events}


def _read(**narrowed):
    rows = Event.objects.published().filter(ends_at__gt=timezone.now(), **narrowed)
    columns = ("code", "capacity", "seats_taken", "waiting")
    return {
        row[0]: Event(**dict(zip(columns, row, strict=True))) for row in rows.values_list(*columns)
    }


def moved():
    """Say that seats were taken or given back; this process shows it as soon as that is committed."""
    transaction.on_commit(holes.moved, robust=True)
