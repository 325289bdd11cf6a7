"""The file's rows come into the database, chunk by chunk as the child reads them, and those of one person together."""

from contextlib import closing

from django.db import transaction
from django.utils import timezone

from talents.imports import files, mapping, rows, workbook
from talents.imports.models import ImportFile, ImportRow, ImportState
from talents.imports.problems import WorkbookError
from talents.imports.running import deciding, holding, previewing
from talents.imports.workbook.repeats import name_cell

MOST_READS = 2


def read(run_id, token, clock):
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
            if len(chunk) == holding.CHUNK:
                _store_chunk(run_id, token, incoming, chunk, clock)
                chunk = []
    _store_chunk(run_id, token, incoming, chunk, clock)
    _end_reading(run_id, token, index, clock)
    previewing.preview(run_id, token, clock)


@transaction.atomic
def _begin_reading(run_id, token, clock):
    """Return the file's bytes; raises WorkbookError("given_up") where it was begun too often."""
    run = holding.hold(run_id, token, clock())
    if run.reads >= MOST_READS:
        raise WorkbookError("given_up")
    run.reads, run.processed = run.reads + 1, 0
    run.save(update_fields=["heartbeat_at", "reads", "processed"])
    run.rows.all().delete()
    return files.read(run)


@transaction.atomic
def _keep_holding(run_id, token, clock):
    """Give a sign of life; raises holding.RunTakenOver when the run was cancelled meanwhile."""
    holding.hold(run_id, token, clock()).save(update_fields=["heartbeat_at"])


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
    run = holding.hold(run_id, token, clock())
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
    run = holding.hold(run_id, token, clock())
    records = list(run.rows.filter(number__in=index.shared()).order_by("number"))
    parsed = [rows.unpack(record, run) for record in records]
    workbook.find_repeats(parsed)
    for record, row in zip(records, parsed, strict=True):
        record.merge_with = row.merge_with
        record.content, record.words = rows.pack(row), rows.words(row)
    deciding.store(records, "merge_with", "content", "words")
    if not mapping.unknown(run):
        ImportFile.objects.filter(run=run).delete()
    run.state, run.processed, run.attempts = ImportState.PREVIEWING, 0, 0
    run.save()
