"""The work of an import run: read the file, preview row by row, then, once confirmed, write. Nothing before.

All stages work in chunks of one transaction each and can be killed anywhere: a chunk is either
written with its rows marked, or not at all, and the next worker goes on behind the last chunk.
One worker holds a run at a time (`take`); every chunk begins by locking the run and checking that
its worker still holds it, so a worker that was only slow cannot write beside its successor.
"""

import datetime
import secrets
from contextlib import closing

from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone

from accounts.names import unit_key
from notices import operations as notices
from privacy import audit
from talents import versions
from talents.career import keeping
from talents.career.sources import FactSource
from talents.imports import files, mapping, matching, rows, undoing, workbook
from talents.imports.models import ImportFile, ImportRow, ImportRun, ImportState, Outcome
from talents.imports.problems import WARNING, Problem, WorkbookError
from talents.imports.records import save_many
from talents.imports.workbook.repeats import name_cell
from talents.models import CareerEntry, Talent

CHUNK = 500
# A chunk takes about a second; a worker silent for this long is dead or as good as dead.
SILENCE = datetime.timedelta(seconds=90)
MOST_ATTEMPTS = 5
MOST_READS = 2
RETENTION = datetime.timedelta(days=30)
IMPORT_LOCK = 0x696D70


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
    run.heartbeat_at = now
    return run


@transaction.atomic
def _fail(run_id, token, problem, clock):
    now = clock()
    run = _hold(run_id, token, now)
    if run.state == ImportState.UNDOING:
        undoing.rest(run, Problem.of("undo_given_up"))
        run.save()
        return
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
        first = run.rows.get(number=row.merge_with)
        place = rows.unpack(first, run).raw.place
        decision.problems.append(Problem.of("merged_into_refused", row=place))
    row.problems.extend(decision.problems)
    if decision.outcome == Outcome.REFUSE:
        refused.add(row.number)
    return decision


def count(run):
    """Bring a run's counts by outcome in step with its rows, in memory."""
    counts = dict(run.rows.order_by().values_list("outcome").annotate(Count("pk")))
    run.created_count = counts.get(Outcome.CREATE, 0)
    run.updated_count = counts.get(Outcome.UPDATE, 0)
    run.merged_count = counts.get(Outcome.MERGE, 0)
    run.same_count = counts.get(Outcome.SAME, 0)
    run.refused_count = counts.get(Outcome.REFUSE, 0)


# --- reading ----------------------------------------------------------------------------------


def _read(run_id, token, clock):
    """Bring the file's rows into the database, then put together those of one person; then preview.

    The file is read in a process with limits, and once: what it holds, or why it cannot be read, stands in
    the database afterwards. Only where a worker was killed in the middle of it is it begun again, once.
    """
    data = _begin_reading(run_id, token, clock)
    incoming = workbook.Incoming(data, mapping.known(run_id))
    index, chunk = Index(), []
    today = timezone.localdate(clock())
    with closing(incoming.rows()) as arriving:
        for row in arriving:
            if row is None:
                _keep_holding(run_id, token, clock)
                continue
            parsed = workbook.parse_row(row, today=today, number=index.count + 1)
            index.add(parsed)
            chunk.append(parsed)
            if len(chunk) == CHUNK:
                _store_chunk(run_id, token, incoming, chunk, clock)
                chunk = []
    _store_chunk(run_id, token, incoming, chunk, clock)
    _end_reading(run_id, token, index, clock)
    _preview(run_id, token, clock)


@transaction.atomic
def _begin_reading(run_id, token, clock):
    """Return the file's bytes; raises WorkbookError("given_up") where it was begun too often."""
    run = _hold(run_id, token, clock())
    if run.reads >= MOST_READS:
        raise WorkbookError("given_up")
    run.reads, run.processed = run.reads + 1, 0
    run.save(update_fields=["heartbeat_at", "reads", "processed"])
    run.rows.all().delete()
    return files.read(run)


@transaction.atomic
def _keep_holding(run_id, token, clock):
    """Give a sign of life; raises RunTakenOver when the run was cancelled meanwhile."""
    _hold(run_id, token, clock()).save(update_fields=["heartbeat_at"])


class Index:
    """Which rows of a file may be of one person, kept small: a long list is never in memory as a whole."""

    def __init__(self):
        self.count = 0
        self.by_key = {}

    def add(self, row):
        """Note by what the row may meet another."""
        self.count += 1
        keys = [("id", row.id_seen), ("phone", row.values["phone"]), ("cell", name_cell(row))]
        for key in keys:
            if key[1]:
                self.by_key.setdefault(key, []).append(row.number)

    def shared(self):
        """Return the numbers of the rows that share a key with another one, in order."""
        groups = (numbers for numbers in self.by_key.values() if len(numbers) > 1)
        return sorted({number for group in groups for number in group})


@transaction.atomic
def _store_chunk(run_id, token, incoming, chunk, clock):
    run = _hold(run_id, token, clock())
    run.total, run.tables, run.notes = incoming.total, incoming.tables, incoming.notes
    mapping.note(run, incoming)
    ImportRow.objects.bulk_create(
        ImportRow(
            run=run,
            number=row.number,
            line=row.raw.number,
            content=rows.pack(row),
            words=rows.words(row),
        )
        for row in chunk
    )
    run.processed += len(chunk)
    told = ["total", "tables", "notes", *mapping.NOTED]
    run.save(update_fields=["heartbeat_at", "processed", *told])


@transaction.atomic
def _end_reading(run_id, token, index, clock):
    """Put together the rows of one person and delete the file: from here on the rows are all there is.

    Only a form with columns nothing knows keeps it until it is confirmed: it is read again once they are told.
    """
    run = _hold(run_id, token, clock())
    records = list(run.rows.filter(number__in=index.shared()).order_by("number"))
    parsed = [rows.unpack(record, run) for record in records]
    workbook.find_repeats(parsed)
    for record, row in zip(records, parsed, strict=True):
        record.merge_with = row.merge_with
        record.content, record.words = rows.pack(row), rows.words(row)
    _store(records, "merge_with", "content", "words")
    if not mapping.unknown(run):
        ImportFile.objects.filter(run=run).delete()
    run.state, run.processed, run.attempts = ImportState.PREVIEWING, 0, 0
    run.save()


# --- preview ----------------------------------------------------------------------------------


def _preview(run_id, token, clock):
    while _preview_chunk(run_id, token, clock):
        pass
    _end_preview(run_id, token, clock)


@transaction.atomic
def _preview_chunk(run_id, token, clock):
    """Decide on the next rows; returns False when none are left."""
    now = clock()
    run = _hold(run_id, token, now)
    records = list(run.rows.filter(outcome="").order_by("number")[:CHUNK])
    if not records:
        return False
    _note_units(run, *_decide_on(run, records, now))
    run.processed, run.attempts = run.processed + len(records), 0
    run.save(update_fields=["heartbeat_at", "attempts", "processed", "unknown_units"])
    return True


def _decide_on(run, records, now):
    """Decide about rows as the database stands and store it with them; returns (ParsedRows, Candidates)."""
    chunk = [rows.unpack(record, run) for record in records]
    for row in chunk:
        row.problems = [p for p in row.problems if p.code not in matching.CODES]
    candidates = matching.Candidates(chunk, units=run.units)
    refused = set(run.rows.filter(outcome=Outcome.REFUSE).values_list("number", flat=True))
    for record, row in zip(records, chunk, strict=True):
        decision = _decide(row, candidates, run, refused, now)
        record.outcome = decision.outcome
        record.has_doubt = any(problem.level == WARNING for problem in row.problems)
        record.content = rows.pack(row, decision.changes)
        record.talent_id = decision.talent and decision.talent.pk
    _store(records, "outcome", "has_doubt", "content", "talent")
    return chunk, candidates


def decide_anew(run, numbers, now):
    """Decide again about rows of a preview that were changed, and count; the run is locked by the caller."""
    _decide_on(run, list(run.rows.filter(number__in=numbers).order_by("number")), now)
    count(run)
    run.save()


def _note_units(run, chunk, candidates):
    """Count the rows of each unit that no unit of the portal is called, the most frequent first."""
    counts = {unit_key(name): [name, count] for name, count in run.unknown_units}
    for row in chunk:
        name, key = row.values["unit_name"], row.keys.unit
        if name and not row.refused and not row.merge_with and not candidates.units.get(key):
            counts.setdefault(key, [name, 0])[1] += 1
    run.unknown_units = sorted(counts.values(), key=lambda found: -found[1])


@transaction.atomic
def _end_preview(run_id, token, clock):
    now = clock()
    run = _hold(run_id, token, now)
    run.state, run.worker, run.heartbeat_at = ImportState.READY, "", None
    run.attempts = 0
    count(run)
    run.save()
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
    _store(changed_records, "content")
    run.processed, run.attempts = run.processed + len(records), 0
    run.save(update_fields=["heartbeat_at", "attempts", "processed"])
    return True


def _decide_again(run, records, now):
    """Decide on stored rows under the lock; returns their Decisions and the rows whose content changed.

    What the preview found in the database is looked for again, and said again.
    """
    chunk = [rows.unpack(record, run) for record in records]
    for row in chunk:
        row.problems = [p for p in row.problems if p.code not in matching.CODES]
    candidates = matching.Candidates(chunk, lock=True, units=run.units)
    refused = _refused_before(run, chunk)
    decisions, changed_records = [], []
    for record, row in zip(records, chunk, strict=True):
        decision = _decide(row, candidates, run, refused, now)
        content = rows.pack(row, decision.changes)
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
    same = [d.talent for d in decisions if d.outcome == Outcome.SAME]
    keeping.stand_for_many(same, FactSource.IMPORT, now)
    if created:
        Talent.objects.bulk_create(created)
        versions.keep_many(created, created=True, by=by, now=now)
        audit.record_many("talents.import_talent", created, by=by, at=now, run=run.pk)
    if updated:
        save_many(updated, by=by, now=now)
        former = CareerEntry.objects.bulk_create(entry for d in decisions for entry in d.former)
        CareerEntry.history.bulk_history_create(former, default_user=by, default_date=now)
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


def _store(records, *names):
    """Write columns of many rows in one statement."""
    ImportRow.objects.bulk_create(
        records, update_conflicts=True, unique_fields=["id"], update_fields=names
    )


def _finish(run, now):
    count(run)
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


# --- undo -------------------------------------------------------------------------------------


def _undo(run_id, token, clock):
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
    found, below = undoing.take_back(run, below=below, most=CHUNK, now=now)
    run.processed, run.attempts = run.processed + found, 0
    run.save(update_fields=["heartbeat_at", "attempts", "processed"])
    return below


@transaction.atomic
def _end_undo(run_id, token, clock):
    now = clock()
    undoing.finish(_hold_undo(run_id, token, now), now)


def _hold_undo(run_id, token, now):
    run = _hold(run_id, token, now)
    if run.state != ImportState.UNDOING:
        raise RunTakenOver
    return run


STAGES = {
    ImportState.UPLOADED: _read,
    ImportState.PREVIEWING: _preview,
    ImportState.COMMITTING: _commit,
    ImportState.UNDOING: _undo,
}
