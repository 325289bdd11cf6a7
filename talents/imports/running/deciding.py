"""What becomes of rows: decided as the database stands, stored with them, counted."""

from django.db.models import Count

from talents.imports import matching, rows
from talents.imports.models import ImportRow, Outcome
from talents.imports.problems import WARNING, Problem


def responsible(run):
    """Return in whose name the run is written."""
    return run.confirmed_by or run.by


def decide(row, candidates, run, refused, now):
    """Decide about a row; `refused`, the row numbers refused so far, gains this one where it is."""
    decision = matching.decide(
        row, candidates, department=run.department, by=responsible(run), now=now
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


def decide_on(run, records, now):
    """Decide about rows as the database stands and store it with them; returns (ParsedRows, Candidates)."""
    chunk = [rows.unpack(record, run) for record in records]
    for row in chunk:
        row.problems = [p for p in row.problems if p.code not in matching.CODES]
    candidates = matching.Candidates(chunk, run.department, units=run.units)
    refused = set(run.rows.filter(outcome=Outcome.REFUSE).values_list("number", flat=True))
    for record, row in zip(records, chunk, strict=True):
        decision = decide(row, candidates, run, refused, now)
        record.outcome = decision.outcome
        record.has_doubt = any(problem.level == WARNING for problem in row.problems)
        record.content = rows.pack(row, decision.changes)
        record.talent_id = decision.talent and decision.talent.pk
    store(records, "outcome", "has_doubt", "content", "talent")
    return chunk, candidates


def decide_anew(run, numbers, now):
    """Decide again about rows of a preview that were changed, and count; the run is locked by the caller."""
    decide_on(run, list(run.rows.filter(number__in=numbers).order_by("number")), now)
    count(run)
    run.save()


def store(records, *names):
    """Write columns of many rows in one statement."""
    ImportRow.objects.bulk_create(
        records, update_conflicts=True, unique_fields=["id"], update_fields=names
    )
