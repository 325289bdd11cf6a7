"""Import runs: a unit's form is uploaded, previewed row by row, confirmed, written. Nothing before.

Both stages work in chunks of one transaction each and can be killed anywhere: a chunk is either
written with its rows marked, or not at all, and the next worker goes on behind the last chunk.
One worker holds a run at a time (`take`); every chunk begins by locking the run and checking that
its worker still holds it, so a worker that was only slow cannot write beside its successor.
"""

import base64
import datetime
import io
import json
import secrets
from pathlib import PurePath

from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid
from kernel.words import listed
from kernel.worker import nudge_on_commit
from notices import operations as notices
from privacy import audit
from privacy.crypto import keyed_digest
from talents import matching, workbook
from talents.models import ImportFile, ImportRow, ImportRun, ImportState, Outcome, Talent
from talents.workbook import ParsedRow, Problem, Row, WorkbookError
from talents.workbook.columns import Column

CHUNK = 500
# A chunk takes about a second; a worker silent for this long is dead or as good as dead.
SILENCE = datetime.timedelta(seconds=90)
MOST_ATTEMPTS = 5
# Small files are read while the clerk waits, so that a wrong one leaves nothing behind.
READ_AT_ONCE = 256 * 1024
KEPT = datetime.timedelta(days=30)
IMPORT_LOCK = 0x696D70

UPSERTED = [
    f.name
    for f in Talent._meta.concrete_fields
    if f.name not in ("id", "code", "created_at", "user")
]


class Lost(Exception):
    """Another worker has taken the run over, or it was cancelled: stop without a word."""


@transaction.atomic
def upload(*, file_name, data, department, by, now):
    """Take in a form (bytes of an .xlsx) for `department`; returns the ImportRun, not yet read.

    Raises WorkbookError for a file that is none, and stores nothing then. A large file is only
    looked at from outside; what is wrong inside it is said by the run itself.
    """
    if len(data) <= READ_AT_ONCE:
        workbook.read(io.BytesIO(data))
    else:
        workbook.check(io.BytesIO(data))
    run = ImportRun.objects.create(
        file_name=PurePath(file_name.replace("\\", "/")).name[-120:],
        digest=keyed_digest("import", data),
        department=department,
        by=by,
        created_at=now,
    )
    ImportFile.objects.create(run=run, content=base64.b64encode(data).decode())
    audit.record("talents.upload_import", run, by=by, at=now, department=department.code)
    nudge_on_commit("talents.tasks.work_import", run.pk)
    return run


def imported_before(run):
    """Return the newest finished run of the same file in the same department, or None."""
    same = ImportRun.objects.filter(digest=run.digest, department=run.department_id)
    return same.filter(state=ImportState.DONE).exclude(pk=run.pk).order_by("-id").first()


@transaction.atomic
def confirm(*, run, by, now):
    """Have a previewed run written. Confirming again changes nothing; returns the run.

    Raises Conflict("not_ready") before the preview is done or after it was cancelled.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state in (ImportState.COMMITTING, ImportState.DONE):
        return run
    if run.state != ImportState.READY:
        raise Conflict("not_ready", _("预览还没有完成或导入已取消，不能确认。请刷新页面。"))
    run.state, run.processed, run.attempts = ImportState.COMMITTING, 0, 0
    run.confirmed_at, run.confirmed_by, run.heartbeat_at, run.worker = now, by, None, ""
    run.save()
    audit.record("talents.confirm_import", run, by=by, at=now)
    nudge_on_commit("talents.tasks.work_import", run.pk)
    return run


@transaction.atomic
def cancel(*, run, by, now):
    """Drop a run that was not confirmed, with its file and rows; returns the run.

    Raises Conflict("too_late") once rows are being written or are written.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state == ImportState.CANCELLED:
        return run
    if run.state in (ImportState.COMMITTING, ImportState.DONE):
        raise Conflict("too_late", _("名单已经开始导入，不能取消。"))
    run.state, run.finished_at, run.worker = ImportState.CANCELLED, now, ""
    run.save()
    run.rows.all().delete()
    ImportFile.objects.filter(run=run).delete()
    audit.record("talents.cancel_import", run, by=by, at=now)
    return run


def take(run_id, *, now):
    """Claim a run for this process; returns the token, or None when there is nothing to claim."""
    token = secrets.token_hex(16)
    free = ImportRun.objects.abandoned(now - SILENCE).filter(pk=run_id)
    taken = free.update(worker=token, heartbeat_at=now, attempts=F("attempts") + 1)
    return token if taken else None


def work(run_id, *, clock=timezone.now):
    """Do what a run has to have done, as far as this process may; returns whether it held the run.

    `clock` returns the present moment (aware). A run that fails again and again with an error of
    ours is given up with a sentence rather than tried for ever.
    """
    token = take(run_id, now=clock())
    if token is None:
        return False
    try:
        run = ImportRun.objects.get(pk=run_id)
        if run.attempts > MOST_ATTEMPTS:
            _fail(run_id, token, _("处理时多次出错，已停止。请联系管理员。"), clock)
        elif run.state == ImportState.COMMITTING:
            _commit(run_id, token, clock)
        else:
            _preview(run_id, token, clock)
    except Lost:
        pass
    except WorkbookError as error:
        _fail(run_id, token, str(error), clock)
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
    old = ImportRow.objects.filter(run__finished_at__lt=now - KEPT)
    return old.delete()[0]


def _hold(run_id, token, now):
    """Lock the run for this transaction; raises Lost when it is not ours any more."""
    run = ImportRun.objects.select_for_update().filter(pk=run_id, worker=token).first()
    if run is None:
        raise Lost
    run.heartbeat_at, run.attempts = now, 0
    return run


@transaction.atomic
def _fail(run_id, token, sentence, clock):
    now = clock()
    run = _hold(run_id, token, now)
    run.state, run.sentence, run.finished_at = ImportState.FAILED, sentence[:300], now
    run.worker = ""
    run.save()
    run.rows.filter(applied_at=None).delete()
    ImportFile.objects.filter(run=run).delete()
    audit.record("talents.fail_import", run, by=run.by, at=now)


# --- preview ----------------------------------------------------------------------------------


def _preview(run_id, token, clock):
    content = ImportFile.objects.get(run=run_id).content
    sheet = workbook.read(io.BytesIO(base64.b64decode(content)))
    today = timezone.localdate(clock())
    rows = [workbook.parse_row(row, today=today) for row in sheet.rows]
    workbook.find_repeats(rows)
    with transaction.atomic():
        run = _hold(run_id, token, clock())
        run.state, run.total = ImportState.PREVIEWING, len(rows)
        run.columns = [[c.field, c.index, c.letter, c.header] for c in sheet.columns]
        run.notes = file_notes(sheet)
        run.save()
        done = run.rows.order_by("-number").values_list("number", flat=True).first() or 0
        refused = set(run.rows.filter(outcome=Outcome.REFUSE).values_list("number", flat=True))
    todo = [row for row in rows if row.row_number > done]
    for start in range(0, len(todo), CHUNK):
        _preview_chunk(run_id, token, todo[start : start + CHUNK], refused, clock)
    with transaction.atomic():
        run = _hold(run_id, token, clock())
        run.state, run.worker, run.heartbeat_at = ImportState.READY, "", None
        _count(run)
        run.save()
        ImportFile.objects.filter(run=run).delete()
        audit.record("talents.preview_import", run, by=run.by, at=clock(), rows=run.total)


@transaction.atomic
def _preview_chunk(run_id, token, rows, refused, clock):
    now = clock()
    run = _hold(run_id, token, now)
    known = matching.Known(rows)
    stored = []
    for row in rows:
        decision = _decide(row, known, run, refused, now)
        stored.append(
            ImportRow(
                run=run,
                number=row.row_number,
                outcome=decision.outcome,
                merge_with=row.merge_with,
                has_doubt=any(p.level == "warning" for p in row.problems),
                content=pack(row, decision.changed),
            )
        )
    ImportRow.objects.bulk_create(stored)
    run.processed += len(stored)
    run.save(update_fields=["heartbeat_at", "attempts", "processed"])


def _decide(row, known, run, refused, now):
    decision = matching.decide(
        row, known, department=run.department, by=run.confirmed_by or run.by, now=now
    )
    if decision.outcome == Outcome.MERGE and row.merge_with in refused:
        decision.outcome = Outcome.REFUSE
        decision.problems.append(
            Problem(
                "error",
                "merged_into_refused",
                _("与第%(row)s行是同一人，那一行已退回，请一并改正。") % {"row": row.merge_with},
            )
        )
    row.problems.extend(decision.problems)
    if decision.outcome == Outcome.REFUSE:
        refused.add(row.row_number)
    return decision


def file_notes(sheet):
    """Return what to tell the clerk of the file as a whole: sentences in her language."""
    said = []
    if sheet.ignored:
        said.append(_("这些列没有导入：%(columns)s。") % {"columns": listed(sheet.ignored)})
    if sheet.other_sheets:
        said.append(
            _("只读取了工作表“%(sheet)s”，未读取：%(others)s。")
            % {"sheet": sheet.title, "others": listed(sheet.other_sheets)}
        )
    if sheet.hidden_rows:
        said.append(
            _("表中有 %(count)s 行被隐藏，也已读取，请留意。") % {"count": len(sheet.hidden_rows)}
        )
    return said


def _count(run):
    counts = dict(run.rows.order_by().values_list("outcome").annotate(Count("pk")))
    run.created_count = counts.get(Outcome.CREATE, 0)
    run.updated_count = counts.get(Outcome.UPDATE, 0)
    run.merged_count = counts.get(Outcome.MERGE, 0)
    run.same_count = counts.get(Outcome.SAME, 0)
    run.refused_count = counts.get(Outcome.REFUSE, 0)


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
        raise Lost
    # Two runs with the same person at once: the second sees what the first has written.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    stored = list(run.rows.filter(applied_at=None).order_by("number")[:CHUNK])
    if not stored:
        _finish(run, now)
        return False
    rows = [unpack(one, run) for one in stored]
    for row in rows:
        # What the preview found in the database is looked for again.
        row.problems = [p for p in row.problems if p.code not in matching.CODES]
    known = matching.Known(rows, lock=True)
    targets = {row.merge_with for row in rows if row.merge_with}
    earlier = run.rows.filter(number__in=targets, outcome=Outcome.REFUSE).exclude(applied_at=None)
    refused = set(earlier.values_list("number", flat=True))
    created, updated, said_anew, met = [], {}, [], []
    for one, row in zip(stored, rows, strict=True):
        decision = _decide(row, known, run, refused, now)
        content = pack(row, decision.changed)
        if content != one.content:
            one.content = content
            said_anew.append(one)
        one.outcome = decision.outcome
        if decision.outcome == Outcome.CREATE:
            created.append(decision.talent)
        elif decision.outcome == Outcome.UPDATE:
            updated[decision.talent.pk] = decision.talent
        met.append(decision.talent)
    _write(run, created, list(updated.values()), now)
    for one, talent in zip(stored, met, strict=True):
        one.talent = talent  # only now has a new record its number
    _mark(run, stored, said_anew, now)
    run.processed += len(stored)
    run.save(update_fields=["heartbeat_at", "attempts", "processed"])
    return True


def _write(run, created, updated, now):
    by = run.confirmed_by or run.by
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


def _mark(run, stored, said_anew, now):
    """Mark rows as applied, once: each only if nobody has marked it."""
    people = {one.number: one.talent_id for one in stored if one.talent_id}
    targets = {one.merge_with for one in stored if one.outcome == Outcome.MERGE} - set(people)
    earlier = ImportRow.objects.filter(run=run, number__in=targets).exclude(talent=None)
    people |= dict(earlier.values_list("number", "talent_id"))
    marks = [
        (one.pk, str(one.outcome), one.talent_id or people.get(one.merge_with)) for one in stored
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE talents_importrow AS r SET outcome = v.outcome, talent_id = v.talent,"
            " applied_at = %s"
            " FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) AS v (id, outcome, talent)"
            " WHERE r.id = v.id AND r.applied_at IS NULL",
            [now, *map(list, zip(*marks, strict=True))],
        )
        if cursor.rowcount != len(stored):
            raise Lost
    ImportRow.objects.bulk_create(
        said_anew, update_conflicts=True, unique_fields=["id"], update_fields=["content"]
    )


def _finish(run, now):
    _count(run)
    run.state, run.finished_at, run.worker = ImportState.DONE, now, ""
    run.save()
    by = run.confirmed_by or run.by
    counts = {str(outcome): count for outcome, count in run.counts.items()}
    audit.record("talents.finish_import", run, by=by, at=now, **counts)
    if by:
        notices.queue(
            "import.finished",
            to=by,
            obj=run,
            at=now,
            file=run.file_name,
            created=run.created_count,
            updated=run.updated_count,
            refused=run.refused_count,
        )


# --- one row to text and back -----------------------------------------------------------------


def pack(row, changed):
    """Return a ParsedRow as JSON text; `changed` names the fields it changes in its record."""
    problems = [[p.level, p.code, str(p.message), p.cell, p.column] for p in row.problems]
    raw = [_plain(value) for value in row.raw.values]
    flags = [list(row.raw.formulas), list(row.raw.broken), row.raw.hidden]
    values = {name: _plain(value) for name, value in row.values.items()}
    content = {"values": values, "problems": problems, "raw": raw, "flags": flags}
    return json.dumps(content | {"changed": changed, "seen": row.id_seen}, ensure_ascii=False)


def unpack(stored, run):
    """Return an ImportRow as the ParsedRow it was made from."""
    content = json.loads(stored.content)
    columns = tuple(Column(*column) for column in run.columns)
    formulas, broken, hidden = content["flags"]
    raw = Row(
        stored.number,
        tuple(map(_rich, content["raw"])),
        columns,
        tuple(formulas),
        tuple(broken),
        hidden,
    )
    values = {name: _rich(value) for name, value in content["values"].items()}
    problems = [Problem(*problem) for problem in content["problems"]]
    return ParsedRow(
        stored.number, values, problems, raw, id_seen=content["seen"], merge_with=stored.merge_with
    )


def changed_fields(stored):
    """Return the names of the fields a stored row changes in an existing record."""
    return json.loads(stored.content)["changed"]


def _plain(value):
    if isinstance(value, datetime.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"day": value.isoformat()}
    if value is None or isinstance(value, bool | int | float | str | list):
        return value
    return str(value)


def _rich(value):
    if not isinstance(value, dict):
        return value
    if "moment" in value:
        return datetime.datetime.fromisoformat(value["moment"])
    return datetime.date.fromisoformat(value["day"])


def refused_file(run, out, *, by, now):
    """Write the refused rows of a run as a workbook that can be corrected and uploaded again.

    `out` is a binary file. The rows hold whole numbers, so who took them is recorded. Raises Invalid("nothing_refused") when there are none, or none any more.
    """
    stored = (
        run.rows.filter(outcome=Outcome.REFUSE).exclude(content__isnull=True).order_by("number")
    )
    count = stored.count()
    if not count:
        raise Invalid("nothing_refused", _("没有退回的行可以下载。"))
    audit.record("talents.export_refused", run, by=by, at=now, rows=count)
    rows = (unpack(one, run) for one in stored.iterator(CHUNK))
    workbook.refused_workbook(rows, out)
