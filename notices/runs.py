"""A run: the deliveries one worker claims together, hands over in order, and records together at its end.

What is told twice by machine is never made good, so all of it is about what a dead worker leaves behind:

1. `claim` writes down durably which deliveries are taken, before anything leaves.
2. `move` writes the place of each that was handed over, before the next one is. It stops a worker whose run
   was taken from it, so that one thought dead hands over no more than the message it held.
3. `finish` records the rest in one statement. `settle_lost` does so for a worker that died: those up to the
   number are sent, the next is unsure, since nobody can know whether it left, and the others go back.

The number is in an unlogged table (notices.models.Run): a commit that only touches it waits for no disk.
Was the database restarted meanwhile, the whole run is unsure. The server's start tells, or, where it
recovered from a crash of one of its processes and kept on running, the run that is gone.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.db.models import F

from notices.models import Delivery, DeliveryState, Run

SIZE = 200
# How old what was asked at its beginning may get: consent, an open account, whether it still makes sense.
LONGEST = timedelta(seconds=3)
# Longer than a gateway takes for one message. One that takes longer after all finds its run settled, and stops.
LOST_AFTER = timedelta(minutes=2)

FREE = {"run": None, "place": None}

CLAIM = """
    WITH due AS (
        SELECT id, due_at FROM notices_delivery WHERE state = 'pending' AND due_at <= %(now)s
         ORDER BY due_at, id LIMIT %(size)s FOR UPDATE SKIP LOCKED
    ), run AS (
        INSERT INTO notices_run (id, handed_over, moved_at, server_started_at)
        SELECT %(run)s, 0, %(now)s, pg_postmaster_start_time() WHERE EXISTS (SELECT FROM due)
    )
    UPDATE notices_delivery AS delivery
       SET state = 'sending', run_id = %(run)s, place = placed.place, claimed_at = %(now)s, attempts = attempts + 1
      FROM (SELECT id, row_number() OVER (ORDER BY due_at, id) AS place FROM due) AS placed
     WHERE delivery.id = placed.id
"""
MOVE = "UPDATE notices_run SET handed_over = %s, moved_at = %s WHERE id = %s"


class RunLostError(Exception):
    """Another worker took this one for dead and settled its run."""


class _ServerStart(models.Func):
    """When the PostgreSQL that answers was started."""

    function = "pg_postmaster_start_time"
    output_field = models.DateTimeField()


@dataclass
class Claimed:
    """A run in the hands of its worker: how many it claimed and when, how far it is and since when."""

    pk: uuid.UUID
    size: int
    claimed_at: datetime
    moved_at: datetime
    handed_over: int = 0  # up to this place

    @property
    def rows(self):
        """Return those of its deliveries that are not recorded yet."""
        return _rows(self.pk)

    def move(self, place, now):
        """Note that all up to `place` was handed over; raises RunLostError."""
        with connection.cursor() as cursor:
            cursor.execute(MOVE, [place, now, self.pk])
            if not cursor.rowcount:
                raise RunLostError
        self.handed_over, self.moved_at = place, now

    @property
    def is_over(self):
        """Tell whether it has lasted so long that the others go back, to be asked about anew."""
        return self.moved_at - self.claimed_at >= LONGEST

    def record(self, keys, state, **fields):
        """Write the end of single deliveries (`keys`) that is not "sent"."""
        self.rows.filter(pk__in=keys).update(state=state, **fields, **FREE)

    def put_off(self, keys, due_at):
        """Give deliveries (`keys`) back untried, to be claimed again at `due_at`."""
        self.record(keys, DeliveryState.PENDING, due_at=due_at, attempts=F("attempts") - 1)


def _rows(run):
    return Delivery.objects.filter(run=run, state=DeliveryState.SENDING)


def claim(*, now, size=SIZE):
    """Take up to `size` deliveries due at `now` that no other worker holds; returns Claimed, or None when none are."""
    run = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "size": size, "run": run})
        return Claimed(run, cursor.rowcount, now, now) if cursor.rowcount else None


def are_many(*, now):
    """Tell whether more is due than one run takes."""
    due = Delivery.objects.filter(state=DeliveryState.PENDING, due_at__lte=now)
    return due.order_by("due_at")[SIZE : SIZE + 1].exists()


@transaction.atomic
def finish(run):
    """Record a run (Claimed) at its end: those up to its number are sent, those it did not come to go back.

    Raises RunLostError.
    """
    if not Run.objects.filter(pk=run.pk).delete()[0]:
        raise RunLostError
    _settle(run)


@transaction.atomic
def settle_lost(*, now):
    """Settle the runs whose worker or whose database died; returns how many deliveries are unsure by it."""
    Run.objects.exclude(server_started_at=_ServerStart()).delete()
    unsure = _flag(_without_a_run(), "database_restarted")
    # One that is moved in this moment is alive, and locked.
    silent = Run.objects.select_for_update(skip_locked=True).filter(moved_at__lt=now - LOST_AFTER)
    for run in silent:
        unsure += _flag(_in_hand(run), "worker_lost")
        _settle(run)
        run.delete()
    return unsure


def _without_a_run():
    """Return what is being sent in a run that is no more."""
    run = Run.objects.filter(pk=models.OuterRef("run_id"))
    return Delivery.objects.filter(~models.Exists(run), state=DeliveryState.SENDING)


def _in_hand(run):
    """Return the one delivery its worker may have handed over without noting it."""
    after = _rows(run.pk).filter(place__gt=run.handed_over).order_by("place")
    return Delivery.objects.filter(pk__in=after.values("pk")[:1])


def _flag(rows, code):
    return rows.update(state=DeliveryState.UNSURE, error_code=code, **FREE)


def _settle(run):
    rows, sent = _rows(run.pk), {"sent_at": run.moved_at, "error_code": ""}
    rows.filter(place__lte=run.handed_over).update(state=DeliveryState.SENT, **sent, **FREE)
    rows.update(state=DeliveryState.PENDING, attempts=F("attempts") - 1, **FREE)
