"""A confirmed run is written, chunk by chunk, and its rows are marked in the transaction that writes them."""

from django.db import connection, transaction
from django.utils import timezone

from notices import operations as notices
from privacy import audit
from talents import versions
from talents.career import keeping, units
from talents.career.sources import FactSource
from talents.imports import matching, rows
from talents.imports.models import ImportRow, ImportState, Outcome
from talents.imports.records import save_many
from talents.imports.running import deciding, holding
from talents.models import CareerEntry, Talent
from talents.operations.proposals import propose_by_units

IMPORT_LOCK = 0x696D70


def commit(run_id, token, clock):
    while _commit_chunk(run_id, token, clock):
        pass


@transaction.atomic
def _commit_chunk(run_id, token, clock):
    """Write the next rows of a confirmed run; returns False when none are left."""
    now = clock()
    run = holding.hold(run_id, token, now)
    if run.state != ImportState.COMMITTING:
        raise holding.RunTakenOver
    # Two runs with the same person at once: the second sees what the first has written.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    records = list(run.rows.filter(applied_at=None).order_by("number")[: holding.CHUNK])
    if not records:
        _finish(run, now)
        return False
    decisions, changed_records = _decide_again(run, records, now)
    _write(run, decisions, now)
    for record, decision in zip(records, decisions, strict=True):
        record.talent = decision.talent  # only now has a new record its number
    _mark(run, records, now)
    deciding.store(changed_records, "content")
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
    candidates = matching.Candidates(chunk, run.department, lock=True, units=run.units)
    refused = _refused_before(run, chunk)
    decisions, changed_records = [], []
    for record, row in zip(records, chunk, strict=True):
        decision = deciding.decide(row, candidates, run, refused, now)
        content = rows.pack(row, decision.changes, decision.beside)
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
    by = deciding.responsible(run)
    created = [d.talent for d in decisions if d.outcome == Outcome.CREATE]
    updated = list(
        {d.talent.pk: d.talent for d in decisions if d.outcome == Outcome.UPDATE}.values()
    )
    _confirm([d for d in decisions if d.outcome == Outcome.SAME], run, by, now)
    _propose(decisions, now)
    if created:
        Talent.objects.bulk_create(created)
        versions.keep_many(created, created=True, user=by, now=now)
        audit.record_many("talents.import_talent", created, by=by, at=now, run=run.pk)
    if updated:
        save_many(updated, user=by, now=now)
        former = CareerEntry.objects.bulk_create(entry for d in decisions for entry in d.former)
        CareerEntry.history.bulk_history_create(former, default_user=by, default_date=now)
        audit.record_many("talents.update_by_import", updated, by=by, at=now, run=run.pk)


def _confirm(same, run, by, now):
    """Note that the list stands for the records it says nothing new of; of a claimed one that her unit does."""
    keeping.stand_for_many([d.talent for d in same], FactSource.IMPORT, now)
    agreed = [d.talent for d in same if d.talent.user_id and not d.kept]
    units.stand_for([talent.pk for talent in agreed], timezone.localdate(now), now)
    audit.record_many("talents.confirm_people", agreed, by=by, at=now, run=run.pk)


def _propose(decisions, now):
    """Keep what units say otherwise than the women themselves, for a clerk to decide; of two rows the later one."""
    said = {
        (d.talent.pk, d.proposed_by.pk): (d.talent, d.proposed_by.pk, d.proposed)
        for d in decisions
        if d.proposed
    }
    propose_by_units(list(said.values()), now=now)


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
            raise holding.RunTakenOver


def _finish(run, now):
    deciding.count(run)
    run.state, run.finished_at, run.worker = ImportState.DONE, now, ""
    run.save()
    by = deciding.responsible(run)
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
