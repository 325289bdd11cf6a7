"""Seats that are kept back for some: set apart, changed, opened to everybody."""

from django.db import transaction

from events import rules, seat_counts
from events.models import Pool
from events.operations.locking import lock_event
from events.operations.seats import fill_seats
from privacy import audit


@transaction.atomic
def add_pool(*, event, kind, seats, by, now, unit=None, label="", opens_to_all_at=None):
    """Keep `seats` of the event back for its track, or for the people of `unit` (a Unit).

    Whoever has a seat for everybody and may have one of these moves over at once, so that the queue moves up.
    `opens_to_all_at` is when the free ones become everybody's; None: never. Raises Refused, what
    rules.why_not_pool returns. Returns the Pool.
    """
    event = lock_event(event, rules.why_not_manage, by, "events.change_event")
    pool = Pool(event=event, kind=kind, unit=unit, label=label.strip(), seats=seats)
    pool.opens_to_all_at = opens_to_all_at
    if error := rules.why_not_pool(pool, event, seats, opens_to_all_at, now):
        raise error
    pool.save()
    audit.record("events.add_pool", pool, by=by, at=now, event=event.pk, seats=seats)
    _seats_moved(event, by, now)
    return pool


@transaction.atomic
def edit_pool(*, pool, seats, by, now, label="", opens_to_all_at=None):
    """Change how many seats are kept, what they are called and when they open to everybody.

    Fewer let the queue move up. Raises Refused, what rules.why_not_pool returns. Returns the Pool.
    """
    event, pool = _locked(pool, by)
    if error := rules.why_not_pool(pool, event, seats, opens_to_all_at, now):
        raise error
    before = pool.seats
    pool.seats, pool.label, pool.opens_to_all_at = seats, label.strip(), opens_to_all_at
    pool.save(update_fields=["seats", "label", "opens_to_all_at"])
    audit.record("events.edit_pool", pool, by=by, at=now, before=before, after=seats)
    _seats_moved(event, by, now)
    return pool


@transaction.atomic
def open_pool(*, pool, by, now):
    """Let everybody have the kept seats that are free, the queue first; who has one keeps it.

    Opening twice does nothing twice. Raises Refused. Returns the Pool.
    """
    event, pool = _locked(pool, by)
    if pool.opened_at is None:
        _open(pool, by, now)
        _seats_moved(event, by, now)
    return pool


@transaction.atomic
def open_pools(*, event, now):
    """Open the kept seats of an event whose time for some is over. Safe to repeat. Returns the Pools."""
    event = lock_event(event, rules.why_not_manage, None, "events.change_event")
    due = list(event.pools.to_open(now))
    open_these(event, due, None, now)
    return due


def open_these(event, pools, by, now):
    """Let everybody have what is free of these pools, for an operation that holds the event's lock."""
    for pool in pools:
        _open(pool, by, now)
    _seats_moved(event, by, now)


def _locked(pool, by):
    event = lock_event(pool.event, rules.why_not_manage, by, "events.change_event")
    pool = event.pools.select_related("unit").get(pk=pool.pk)
    pool.event = event
    return event, pool


def _open(pool, by, now):
    pool.opened_at = now
    pool.save(update_fields=["opened_at"])
    free = max(pool.seats - pool.taken, 0)
    audit.record("events.open_pool", pool, by=by, at=now, seats=pool.seats, free=free)


def _seats_moved(event, by, now):
    event.refresh_from_db(fields=["kept", "pooled"])
    seat_counts.moved()
    fill_seats(event, by, now)


def copy_pools(event, copy, shift):
    """Give the draft `copy` the kept seats of `event`, `shift` (a timedelta) later."""
    for pool in event.pools.closed():
        pool.pk, pool.event, pool.taken = None, copy, 0
        pool._state.adding = True
        if pool.opens_to_all_at:
            pool.opens_to_all_at += shift
        pool.save()
