"""The work of an import run: preview row by row, then, once confirmed, write. Nothing before.

Both stages work in chunks of one transaction each and can be killed anywhere: a chunk is either
written with its rows marked, or not at all, and the next worker goes on behind the last chunk.
One worker holds a run at a time (`take`); every chunk begins by locking the run and checking that
its worker still holds it, so a worker that was only slow cannot write beside its successor.
"""

import base64
import datetime
import io
import secrets

from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone

from notices import operations as notices
from privacy import audit
from talents.imports import matching, rows, workbook
from talents.imports.models import ImportFile, ImportRow, ImportRun, ImportState, Outcome
from talents.imports.problems import WARNING, Problem, WorkbookError
from talents.models import Talent

CHUNK = 500
# A chunk takes about a second; a worker silent for this long is dead or as good as dead.
SILENCE = datetime.timedelta(seconds=90)
MOST_ATTEMPTS = 5
RETENTION = datetime.timedelta(days=30)
IMPORT_LOCK = 0x696D70

UPSERTED = [
    f.name
    for f in Talent._meta.concrete_fields
    if f.name not in ("id", "code", "created_at", "user")
]


class RunTakenOver(Exception):
    """Another worker has taken the run over, or it was cancelled: stop without a word."""


def take(run_id, *, now):
    """Claim a run for this process; returns the token, or None when there is nothing to claim."""
    token = secrets.token_hex(16)
    free = ImportRun.objects.abandoned(now - SILENCE).filter(pk=run_id)
    claimed = free.update(worker=token, heartbeat_at=now, attempts=F("attempts") + 1)
    return token if claimed else None


def work(run_id, *, clock=timezone.now):
    """Do what a run has to have done, as far as this process may; returns whether it held the run.

    `clock` returns the present moment (aware). A run that fails again and again with an error of
    ours is given up rather than tried for ever.
    """
    token = take(run_id, now=clock())
    if token is None:
        return False
    try:
        run = ImportRun.objects.get(pk=run_id)
        if run.attempts > MOST_ATTEMPTS:
            _fail(run_id, token, Problem.of("given_up"), clock)
        elif run.state == ImportState.COMMITTING:
            _commit(run_id, token, clock)
        else:
            _preview(run_id, token, clock)
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
    waiting = ImportRun.objects.abandoned(now - SILENCE).order_by("pk").values_list("pk", flat=True)
    return sum(work(pk, clock=clock) for pk in waiting)


def purge(*, now):
    """Delete the rows of runs that ended 30 days ago: they hold what the form held."""
    old = ImportRow.objects.filter(run__finished_at__lt=now - RETENTION)
    return old.delete()[0]


def _hold(run_id, token, now):
    """Lock the run for this transaction; raises RunTakenOver when it is not ours any more."""
    run = ImportRun.objects.select_for_update().filter(pk=run_id, worker=token).first()
    if run is None:
        raise RunTakenOver
    run.heartbeat_at, run.attempts = now, 0
    return run


@transaction.atomic
def _fail(run_id, token, problem, clock):
    now = clock()
    run = _hold(run_id, token, now)
    run.state, run.failure, run.finished_at = ImportState.FAILED, problem.stored, now
    run.worker = ""
    run.save()
    run.rows.filter(applied_at=None).delete()
    ImportFile.objects.filter(run=run).delete()
    audit.record("talents.fail_import", run, by=run.by, at=now)


def _responsible(run):
    """Return in whose name the run is written."""
    return run.confirmed_by or run.by


def _decide(row, candidates, run, refused, now):
    """Decide about a row; `refused`, the row numbers refused so far, gains this one where it is."""
    decision = matching.decide(
        row, candidates, department=run.department, by=_responsible(run), now=now
    )
    if decision.outcome == Outcome.MERGE and row.merge_with in refused:
        decision.outcome = Outcome.REFUSE
        decision.problems.append(Problem.of("merged_into_refused", row=row.merge_with))
    row.problems.extend(decision.problems)
    if decision.outcome == Outcome.REFUSE:
        refused.add(row.row_number)
    return decision


def _count(run):
    counts = dict(run.rows.order_by().values_list("outcome").annotate(Count("pk")))
    run.created_count = counts.get(Outcome.CREATE, 0)
    run.updated_count = counts.get(Outcome.UPDATE, 0)
    run.merged_count = counts.get(Outcome.MERGE, 0)
    run.same_count = counts.get(Outcome.SAME, 0)
    run.refused_count = counts.get(Outcome.REFUSE, 0)


# --- preview ----------------------------------------------------------------------------------


def _preview(run_id, token, clock):
    sheet = _sheet(run_id)
    today = timezone.localdate(clock())
    parsed = [workbook.parse_row(row, today=today) for row in sheet.rows]
    workbook.find_repeats(parsed)
    last_row, refused = _begin_preview(run_id, token, sheet, clock)
    todo = [row for row in parsed if row.row_number > last_row]
    for start in range(0, len(todo), CHUNK):
        _preview_chunk(run_id, token, todo[start : start + CHUNK], refused, clock)
    _end_preview(run_id, token, clock)


def _sheet(run_id):
    content = ImportFile.objects.get(run=run_id).content
    return workbook.read(io.BytesIO(base64.b64decode(content)))


@transaction.atomic
def _begin_preview(run_id, token, sheet, clock):
    """Note what the file holds; returns the last row done before and the numbers refused so far."""
    run = _hold(run_id, token, clock())
    run.state, run.total = ImportState.PREVIEWING, len(sheet.rows)
    run.columns = [[c.field, c.index, c.letter, c.header] for c in sheet.columns]
    run.notes = [problem.stored for problem in file_notes(sheet)]
    run.save()
    last_row = run.rows.order_by("-number").values_list("number", flat=True).first() or 0
    refused = run.rows.filter(outcome=Outcome.REFUSE).values_list("number", flat=True)
    return last_row, set(refused)


def file_notes(sheet):
    """Return what to tell the clerk of the file as a whole, as Problems."""
    notes = []
    if sheet.ignored:
        notes.append(Problem.of("columns_ignored", columns=list(sheet.ignored)))
    if sheet.other_sheets:
        others = list(sheet.other_sheets)
        notes.append(Problem.of("other_sheets", sheet=sheet.title, others=others))
    if sheet.hidden_rows:
        notes.append(Problem.of("hidden_rows", count=len(sheet.hidden_rows)))
    return notes


@transaction.atomic
def _preview_chunk(run_id, token, chunk, refused, clock):
    now = clock()
    run = _hold(run_id, token, now)
    candidates = matching.Candidates(chunk)
    records = []
    for row in chunk:
        decision = _decide(row, candidates, run, refused, now)
        records.append(
            ImportRow(
                run=run,
                number=row.row_number,
                outcome=decision.outcome,
                merge_with=row.merge_with,
                has_doubt=any(problem.level == WARNING for problem in row.problems),
                content=rows.pack(row, decision.changed),
            )
        )
    ImportRow.objects.bulk_create(records)
    run.processed += len(records)
    run.save(update_fields=["heartbeat_at", "attempts", "processed"])


@transaction.atomic
def _end_preview(run_id, token, clock):
    now = clock()
    run = _hold(run_id, token, now)
    run.state, run.worker, run.heartbeat_at = ImportState.READY, "", None
    _count(run)
    run.save()
    ImportFile.objects.filter(run=run).delete()
    audit.record("talents.preview_import", run, by=run.by, at=now, rows=run.total)


# --- commit -----------------------------------------------------------------------------------


def _commit(run_id, token, clock):
    while _commit_chunk(run_id, token, clock):
        pass


@transaction.atomic
def _commit_chunk(run_id, token, clock):
    """Write the next rows of a confirmed run; returns False when none are left."""
    now = clock()
    run = _hold(run_id, token, now)
    if run.state != ImportState.COMMITTING:
        raise RunTakenOver
    # Two runs with the same person at once: the second sees what the first has written.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    records = list(run.rows.filter(applied_at=None).order_by("number")[:CHUNK])
    if not records:
        _finish(run, now)
        return False
    decisions, changed_records = _decide_again(run, records, now)
    _write(run, decisions, now)
    for record, decision in zip(records, decisions, strict=True):
        record.talent = decision.talent  # only now has a new record its number
    _mark(run, records, now)
    _store_content(changed_records)
    run.processed += len(records)
    run.save(update_fields=["heartbeat_at", "attempts", "processed"])
    return True


def _decide_again(run, records, now):
    """Decide on stored rows under the lock; returns their Decisions and the rows whose content changed.

    What the preview found in the database is looked for again, and said again.
    """
    chunk = [rows.unpack(record, run) for record in records]
    for row in chunk:
        row.problems = [p for p in row.problems if p.code not in matching.CODES]
    candidates = matching.Candidates(chunk, lock=True)
    refused = _refused_before(run, chunk)
    decisions, changed_records = [], []
    for record, row in zip(records, chunk, strict=True):
        decision = _decide(row, candidates, run, refused, now)
        content = rows.pack(row, decision.changed)
        if content != record.content:
            record.content = content
            changed_records.append(record)
        record.outcome = decision.outcome
        decisions.append(decision)
    return decisions, changed_records


def _refused_before(run, chunk):
    """Return the numbers of refused rows of earlier chunks that rows of this one repeat."""
    targets = {row.merge_with for row in chunk if row.merge_with}
    earlier = run.rows.filter(number__in=targets, outcome=Outcome.REFUSE).exclude(applied_at=None)
    return set(earlier.values_list("number", flat=True))


def _write(run, decisions, now):
    """Create and update the records of these decisions."""
    by = _responsible(run)
    created = [d.talent for d in decisions if d.outcome == Outcome.CREATE]
    updated = list(
        {d.talent.pk: d.talent for d in decisions if d.outcome == Outcome.UPDATE}.values()
    )
    if created:
        Talent.objects.bulk_create(created)
        audit.record_many("talents.import_talent", created, by=by, at=now, run=run.pk)
    if updated:
        # INSERT … ON CONFLICT (id) DO UPDATE: one statement, where bulk_update would send a CASE
        # for every field of every row.
        Talent.objects.bulk_create(
            updated, update_conflicts=True, unique_fields=["id"], update_fields=UPSERTED
        )
        audit.record_many("talents.update_by_import", updated, by=by, at=now, run=run.pk)


def _mark(run, records, now):
    """Mark rows as applied, once: each only if nobody has marked it."""
    people = {record.number: record.talent_id for record in records if record.talent_id}
    targets = {r.merge_with for r in records if r.outcome == Outcome.MERGE} - set(people)
    earlier = ImportRow.objects.filter(run=run, number__in=targets).exclude(talent=None)
    people |= dict(earlier.values_list("number", "talent_id"))
    marks = [
        (record.pk, str(record.outcome), record.talent_id or people.get(record.merge_with))
        for record in records
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE talents_importrow AS r SET outcome = v.outcome, talent_id = v.talent,"
            " applied_at = %s"
            " FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) AS v (id, outcome, talent)"
            " WHERE r.id = v.id AND r.applied_at IS NULL",
            [now, *map(list, zip(*marks, strict=True))],
        )
        if cursor.rowcount != len(records):
            raise RunTakenOver


def _store_content(records):
    ImportRow.objects.bulk_create(
        records, update_conflicts=True, unique_fields=["id"], update_fields=["content"]
    )


def _finish(run, now):
    _count(run)
    run.state, run.finished_at, run.worker = ImportState.DONE, now, ""
    run.save()
    by = _responsible(run)
    counts = {str(outcome): count for outcome, count in run.counts.items()}
    audit.record("talents.finish_import", run, by=by, at=now, **counts)
    if by:
        notices.queue(
            "talents.import_finished",
            to=by,
            obj=run,
            at=now,
            file=run.file_name,
            created=run.created_count,
            updated=run.updated_count,
            refused=run.refused_count,
        )
