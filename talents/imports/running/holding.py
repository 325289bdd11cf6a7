"""One worker holds a run at a time: taking it, and asking in each chunk whether it is still ours."""

import datetime
import secrets

from django.db.models import F

from talents.imports.models import ImportRun

CHUNK = 500
# A chunk takes about a second; a worker silent for this long is dead or as good as dead.
SILENCE = datetime.timedelta(seconds=90)


class RunTakenOver(Exception):
    """Another worker has taken the run over, or it was cancelled: stop without a word."""


def take(run_id, *, now):
    """Claim a run for this process; returns the token, or None when there is nothing to claim."""
    token = secrets.token_hex(16)
    free = ImportRun.objects.abandoned(now - SILENCE).filter(pk=run_id)
    claimed = free.update(worker=token, heartbeat_at=now, attempts=F("attempts") + 1)
    return token if claimed else None


def hold(run_id, token, now):
    """Lock the run for this transaction; raises RunTakenOver when it is not ours any more."""
    run = ImportRun.objects.select_for_update().filter(pk=run_id, worker=token).first()
    if run is None:
        raise RunTakenOver
    run.heartbeat_at = now
    return run
