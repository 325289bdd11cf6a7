"""The work of an import run: read the file, preview row by row, then, once confirmed, write. Nothing before.

All stages work in chunks of one transaction each and can be killed anywhere: a chunk is either
written with its rows marked, or not at all, and the next worker goes on behind the last chunk.
One worker holds a run at a time (`take`); every chunk begins by locking the run and checking that
its worker still holds it, so a worker that was only slow cannot write beside its successor.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from privacy import audit
from talents.imports import files, undoing
from talents.imports.models import ImportRun, ImportState
from talents.imports.problems import Problem, WorkbookError
from talents.imports.running import holding, previewing, reading, taking_back, writing
from talents.imports.running.deciding import count, decide_anew
from talents.imports.running.holding import RunTakenOver, take

__all__ = ["RunTakenOver", "count", "decide_anew", "resume_abandoned", "take", "work"]
MOST_ATTEMPTS = 5
RETENTION = datetime.timedelta(days=30)


def work(run_id, *, clock=timezone.now):
    """Do what a run has to have done, as far as this process may; returns whether it held the run.

    `clock` returns the present moment (aware). A run that fails five times without getting on, be it by
    an error of ours or by the death of its worker, is given up rather than tried for ever.
    """
    token = take(run_id, now=clock())
    if token is None:
        return False
    try:
        run = ImportRun.objects.get(pk=run_id)
        if run.attempts > MOST_ATTEMPTS:
            _fail(run_id, token, Problem.of("given_up"), clock)
        else:
            STAGES[run.state](run_id, token, clock)
    except RunTakenOver:
        pass
    except WorkbookError as error:
        _fail(run_id, token, error.problem, clock)
    except BaseException:
        # Free for the next sweep at once instead of after the silence.
        ImportRun.objects.filter(pk=run_id, worker=token).update(worker="", heartbeat_at=None)
        raise
    return True


def resume_abandoned(*, now, clock=timezone.now):
    """Work on the runs whose worker died or whose nudge was lost; returns how many were taken."""
    waiting = (
        ImportRun.objects.abandoned(now - holding.SILENCE)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return sum(work(pk, clock=clock) for pk in waiting)


@transaction.atomic
def _fail(run_id, token, problem, clock):
    now = clock()
    run = holding.hold(run_id, token, now)
    if run.state == ImportState.UNDOING:
        undoing.rest(run, Problem.of("undo_given_up"))
        run.save()
        return
    run.state, run.failure, run.finished_at = ImportState.FAILED, problem.stored, now
    run.worker = ""
    files.drop(run)
    run.save()
    run.rows.filter(applied_at=None).delete()
    audit.record("talents.fail_import", run, by=run.by, at=now)


STAGES = {
    ImportState.UPLOADED: reading.read,
    ImportState.PREVIEWING: previewing.preview,
    ImportState.COMMITTING: writing.commit,
    ImportState.UNDOING: taking_back.undo,
}
