"""The preview: each row decided as the database stands, nothing written."""

from django.db import transaction

from accounts.names import unit_key
from privacy import audit
from talents.imports.models import ImportState
from talents.imports.running import deciding, holding


def preview(run_id, token, clock):
    while _preview_chunk(run_id, token, clock):
        pass
    _end_preview(run_id, token, clock)


@transaction.atomic
def _preview_chunk(run_id, token, clock):
    """Decide on the next rows; returns False when none are left."""
    now = clock()
    run = holding.hold(run_id, token, now)
    records = list(run.rows.filter(outcome="").order_by("number")[: holding.CHUNK])
    if not records:
        return False
    _note_units(run, *deciding.decide_on(run, records, now))
    run.processed, run.attempts = run.processed + len(records), 0
    run.save(update_fields=["heartbeat_at", "attempts", "processed", "unknown_units"])
    return True


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
    run = holding.hold(run_id, token, now)
    run.state, run.worker, run.heartbeat_at = ImportState.READY, "", None
    run.attempts = 0
    deciding.count(run)
    run.save()
    audit.record("talents.preview_import", run, by=run.by, at=now, rows=run.total)
