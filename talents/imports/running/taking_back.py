"""A written run is taken back, record by record; what is depended on meanwhile stays."""

from django.db import transaction

from talents.imports import undoing
from talents.imports.models import ImportState
from talents.imports.running import holding


def undo(run_id, token, clock):
    """Take back what the run wrote, record by record; those that are depended on meanwhile stay."""
    if not _begin_undo(run_id, token, clock):
        return
    below = None
    while below := _undo_chunk(run_id, token, below, clock):
        pass
    _end_undo(run_id, token, clock)


@transaction.atomic
def _begin_undo(run_id, token, clock):
    """Tell whether the run can be taken back; where something depends on it by now, it stays as it is."""
    run = _hold_undo(run_id, token, clock())
    if run.processed or not undoing.why_not(run):
        run.save(update_fields=["heartbeat_at"])
        return True
    undoing.rest(run)
    run.save()
    return False


@transaction.atomic
def _undo_chunk(run_id, token, below, clock):
    """Take back the next records; returns where to go on, None when none are left."""
    now = clock()
    run = _hold_undo(run_id, token, now)
    found, below = undoing.take_back(run, below=below, most=holding.CHUNK, now=now)
    run.processed, run.attempts = run.processed + found, 0
    run.save(update_fields=["heartbeat_at", "attempts", "processed"])
    return below


@transaction.atomic
def _end_undo(run_id, token, clock):
    now = clock()
    undoing.finish(_hold_undo(run_id, token, now), now)


def _hold_undo(run_id, token, now):
    run = holding.hold(run_id, token, now)
    if run.state != ImportState.UNDOING:
        raise holding.RunTakenOver
    return run
