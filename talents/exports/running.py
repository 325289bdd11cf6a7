"""The worker's side of long lists: written in parts, piece by piece, by one worker at a time.

A worker that is killed leaves pieces nobody can fetch; whoever takes the export over deletes them and begins
again, so a file is whole or not there. Nothing of it is ever on the disk in the clear, and a row at a time in
memory: rows go through the workbook and its archive into encrypted pieces. A part is a workbook of PART rows, as
many as the importer takes.
"""

import base64
import datetime
import secrets
import zipfile

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from notices import operations as notices
from privacy import audit
from talents.exports import operations, sheet
from talents.exports.models import Export, ExportPiece, ExportState
from talents.models import NOT_SHOWN, Talent

CHUNK = 500
PART = 50_000
PIECE = 1 << 20  # bytes
SILENCE = datetime.timedelta(seconds=90)
MOST_ATTEMPTS = 3
KEPT_FOR = datetime.timedelta(days=3)


class TakenOver(Exception):
    """The export was cancelled, or another worker has taken it: stop without a word."""


def work(export_id, *, clock=timezone.now):
    """Write an export, as far as this process may; returns whether it held it."""
    token, now = secrets.token_hex(16), clock()
    free = Export.objects.abandoned(now - SILENCE).filter(pk=export_id)
    if not free.update(worker=token, heartbeat_at=now, processed=0, attempts=F("attempts") + 1):
        return False
    export = Export.objects.defer("rows").select_related("by__department").get(pk=export_id)
    holder = Holder(export, token, clock)
    try:
        _write_or_give_up(export, holder)
    except TakenOver:
        pass
    except BaseException:
        # Free for the next sweep at once instead of after the silence.
        Export.objects.filter(pk=export_id, worker=token).update(worker="", heartbeat_at=None)
        raise
    return True


class Holder:
    """This process's hold on an export; every write asks for it."""

    def __init__(self, export, token, clock):
        self.export, self.token, self.clock = export, token, clock

    def keep(self, **changes):
        """Change the export and give a sign of life; raises TakenOver where it is not ours any more."""
        ours = Export.objects.filter(
            pk=self.export.pk, worker=self.token, state=ExportState.WRITING
        )
        if not ours.update(heartbeat_at=self.clock(), **changes):
            raise TakenOver


class Pieces:
    """A binary file to write to that ends in the database, encrypted, a megabyte at a time."""

    def __init__(self, holder):
        self.holder, self.rest, self.number, self.size = holder, bytearray(), 0, 0

    def write(self, data):
        """Take bytes; returns how many."""
        self.rest += data
        while len(self.rest) >= PIECE:
            self._store(PIECE)
        return len(data)

    def flush(self):
        """Do nothing: a piece is stored when it is full."""

    def end(self):
        """Store what is left."""
        if self.rest:
            self._store(len(self.rest))

    @transaction.atomic
    def _store(self, size):
        self.holder.keep()
        content = base64.b64encode(self.rest[:size]).decode()
        ExportPiece.objects.create(export=self.holder.export, number=self.number, content=content)
        del self.rest[:size]
        self.number, self.size = self.number + 1, self.size + size


def _write_or_give_up(export, holder):
    """Write the file; what fails too often, or is no longer hers to have, is given up."""
    if export.attempts > MOST_ATTEMPTS or operations.why_not_hold(export, export.by):
        _give_up(holder)
        return
    _clear(holder)
    pieces, mark = (
        Pieces(holder),
        sheet.watermark(person=export.by, at=export.asked_at, reason=export.reason),
    )
    if export.total <= PART:
        _write_part(export, holder, 0, pieces, mark)
    else:
        _write_parts(export, holder, pieces, mark)
    pieces.end()
    _end(holder, pieces.size)


@transaction.atomic
def _clear(holder):
    """Delete what a worker before this one left."""
    holder.keep()
    ExportPiece.objects.filter(export=holder.export).delete()


@transaction.atomic
def _give_up(holder):
    holder.keep(state=ExportState.FAILED, worker="", rows=[])
    ExportPiece.objects.filter(export=holder.export).delete()
    now = holder.clock()
    audit.record("talents.fail_export", holder.export, by=None, at=now)
    _tell("talents.export_failed", holder.export, now)


@transaction.atomic
def _end(holder, size):
    now = holder.clock()
    holder.keep(
        state=ExportState.READY, size=size, ready_at=now, expires_at=now + KEPT_FOR, worker=""
    )
    audit.record("talents.write_export", holder.export, by=None, at=now)
    _tell("talents.export_ready", holder.export, now, until=now + KEPT_FOR)


def _tell(kind, export, at, **context):
    """Tell her who asked, with a link to the list of hers; the notice says nothing of whom the list holds."""
    if export.by:
        link = notices.page_link("admin:talents_export_change", export.pk)
        context |= {"count": export.total}
        notices.queue(kind, to=export.by, obj=export, at=at, link=link, **context)


def _write_parts(export, holder, pieces, mark):
    """Write workbooks of PART rows into one archive, each as soon as it is full."""
    # Stored, not packed: workbooks are packed already.
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_STORED) as archive:
        for number, start in enumerate(range(0, export.total, PART), start=1):
            name = _("人才名单-%(number)s.xlsx") % {"number": number}
            with archive.open(name, "w", force_zip64=True) as out:
                _write_part(export, holder, start, out, mark)


def _write_part(export, holder, start, out, mark):
    talents, at = _talents(export, holder, start), export.asked_at
    sheet.write(talents, export.columns, full=export.full, mark=mark, at=at, out=out)


def _talents(export, holder, start):
    """Yield the records of a part she may still see, in the order of the list."""
    found = Export.objects.filter(pk=export.pk).values_list(f"rows__{start}_{start + PART}")
    ids = found.get()[0]
    seen = Talent.objects.exclude(state__in=NOT_SHOWN)
    if export.by:
        seen = seen.visible_to(export.by)
    for first in range(0, len(ids), CHUNK):
        chunk = ids[first : first + CHUNK]
        talents = sheet.ready(seen, export.columns).in_bulk(chunk)
        yield from (talents[pk] for pk in chunk if pk in talents)
        holder.keep(processed=start + first + len(chunk))


def resume_abandoned(*, now, clock=timezone.now):
    """Write the exports whose worker died or whose nudge was lost; returns how many were taken."""
    waiting = Export.objects.abandoned(now - SILENCE).order_by("pk").values_list("pk", flat=True)
    return sum(work(pk, clock=clock) for pk in list(waiting))


@transaction.atomic
def drop_expired(*, now):
    """Delete the files whose time is over; returns how many. Safe to repeat."""
    return _drop(Export.objects.filter(state=ExportState.READY, expires_at__lte=now))


@transaction.atomic
def drop_those_with(talent_ids, **more):
    """Delete finished and half-written files that hold one of these records; returns how many.

    `more` are conditions on the exports. What is asked for afterwards reads the records as they are by then.
    """
    kept = Export.objects.filter(state__in=(ExportState.READY, ExportState.WRITING), **more)
    return _drop(kept.filter(rows__overlap=list(talent_ids)))


def _drop(exports):
    ids = list(exports.select_for_update().values_list("pk", flat=True))
    ExportPiece.objects.filter(export__in=ids).delete()
    return Export.objects.filter(pk__in=ids).update(
        state=ExportState.DROPPED, rows=[], worker="", size=0
    )
