"""What a clerk does with a list: upload it, confirm or drop it, take the refused rows back.

`by` may act where she may import and where her department is; by=None is the system (the command).
"""

import io
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.names import unit_key
from kernel import rights
from kernel.errors import Conflict, DomainError, Invalid, Refused
from kernel.worker import nudge_on_commit
from notices import operations as notices
from privacy import audit
from privacy.crypto import keyed_digest
from talents.imports import files, mapping, rows, running, undoing, unknown_units, workbook
from talents.imports.models import ColumnMapping, ImportRun, ImportState, Outcome

RIGHT = "talents.import_talent"
NOT_ALLOWED = gettext_lazy("您没有导入名单的权限，请联系系统管理员。")


def why_not_upload(department, by):
    """Return why `by` may not bring lists into `department` (DomainError), or None."""
    if by is None:
        return None
    if not rights.may(by, RIGHT):
        return Refused("not_allowed", NOT_ALLOWED)
    if by.sees_all_departments:
        return None
    if department is None or department.pk != by.department_id:
        return Refused("not_in_scope", _("只能导入本部门的名单。"), field="department")
    return None


@transaction.atomic
def upload(*, file_name, data, department, by, now):
    """Take in a form (bytes of an .xlsx, .xls or .csv) for `department`; returns the ImportRun, not yet read.

    Raises Refused("not_allowed"), Refused("not_in_scope"), and WorkbookError for a file that is none; stores
    nothing then. The file is only looked at from outside: what is wrong inside it the run itself says later.
    A file that is being worked on or waits for its confirmation is not taken in again: its run is returned.
    """
    if error := why_not_upload(department, by):
        raise error
    workbook.check(io.BytesIO(data))
    digest = keyed_digest("import", data)
    if run := _under_way(digest, department):
        return run
    run = ImportRun.objects.create(
        file_name=PurePath(file_name.replace("\\", "/")).name[-120:],
        digest=digest,
        department=department,
        by=by,
        created_at=now,
    )
    files.keep(run, data)
    audit.record("talents.upload_import", run, by=by, at=now, department=department.code)
    nudge_on_commit("talents.tasks.work_import", run.pk)
    return run


def _under_way(digest, department):
    states = (ImportState.UPLOADED, ImportState.PREVIEWING, ImportState.READY)
    runs = ImportRun.objects.filter(digest=digest, department=department, state__in=states)
    return runs.order_by("-pk").first()


def why_not_confirm(run):
    """Return why a run cannot be confirmed as it stands (DomainError), or None."""
    if run.state == ImportState.READY:
        return None
    return Conflict("not_ready", _("预览还没有完成或导入已取消，不能确认。请刷新页面。"))


@transaction.atomic
def confirm(*, run, by, now):
    """Have a previewed run written. Confirming again changes nothing; returns the run.

    Raises Refused("not_allowed"), Refused("not_in_scope"), and Conflict("not_ready") before the
    preview is done or after the run was cancelled.
    """
    run = _lock(run, by)
    if run.state in (ImportState.COMMITTING, ImportState.DONE):
        return run
    if error := why_not_confirm(run):
        raise error
    run.state, run.processed, run.attempts = ImportState.COMMITTING, 0, 0
    run.confirmed_at, run.confirmed_by, run.heartbeat_at, run.worker = now, by, None, ""
    files.drop(run)
    run.save()
    audit.record("talents.confirm_import", run, by=by, at=now)
    nudge_on_commit("talents.tasks.work_import", run.pk)
    return run


def why_not_cancel(run):
    """Return why a run cannot be stopped as it stands (DomainError), or None."""
    if run.state in (ImportState.DONE, ImportState.UNDOING, ImportState.UNDONE):
        return Conflict("too_late", _("名单已经导入完成，不能取消；需要时可以撤销。"))
    if run.state in (ImportState.FAILED, ImportState.CANCELLED):
        return Conflict("has_ended", _("这次导入已经结束，不用取消。"))
    return None


@transaction.atomic
def cancel(*, run, by, now):
    """Stop a run, whatever is being done with it, and drop its file and rows; returns the run.

    What has been written already stays and can be taken back (`undo`). Raises Refused("not_allowed"),
    Refused("not_in_scope"), Conflict("too_late") once everything is written, and Conflict("has_ended") for
    a run that failed.
    """
    run = _lock(run, by)
    if run.state == ImportState.CANCELLED:
        return run
    if error := why_not_cancel(run):
        raise error
    run.state, run.finished_at, run.worker = ImportState.CANCELLED, now, ""
    run.rows.filter(applied_at=None).delete()
    files.drop(run)
    running.count(run)
    run.save()
    audit.record("talents.cancel_import", run, by=by, at=now)
    return run


def expire(*, now):
    """Cancel the lists nobody has confirmed for thirty days, and tell who uploaded them; returns how many."""
    old = ImportRun.objects.filter(state=ImportState.READY, created_at__lt=now - running.RETENTION)
    return sum(_expire(pk, now) for pk in old.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _expire(pk, now):
    run = ImportRun.objects.select_for_update().get(pk=pk)
    if run.state != ImportState.READY:  # confirmed at this moment
        return 0
    cancel(run=run, by=None, now=now)
    if run.by:
        notices.queue("talents.import_expired", to=run.by, obj=run, at=now, file=run.file_name)
    return 1


def why_not_choose(run):
    """Return why nothing can be chosen in a run as it stands (DomainError), or None."""
    if run.state == ImportState.READY:
        return None
    return Conflict("not_ready", _("只有在预览完成、还没有确认时才能选择。请刷新页面。"))


@transaction.atomic
def choose(*, run, number, names, by, now):
    """Decide which of two differing rows of one person is right; returns the run.

    `number` is the later row's, `names` the fields in which that row is right; in all others the first one is.
    Raises Refused, Conflict("not_ready") and Invalid("nothing_to_choose").
    """
    run = _lock(run, by)
    if error := why_not_choose(run):
        raise error
    record = run.rows.filter(number=number, outcome=Outcome.MERGE).first()
    later = record and rows.unpack(record, run)
    if not later or not later.differing:
        raise Invalid("nothing_to_choose", _("这一行没有需要选择的内容，请刷新页面。"))
    first_record = run.rows.get(number=later.merge_with)
    first = rows.unpack(first_record, run)
    for name, pair in later.differing.items():
        first.values[name] = pair[name in names]
    later.settle_differences()
    record.content, first_record.content = rows.pack(later), rows.pack(first)
    first_record.words = rows.words(first)
    for changed in (record, first_record):
        changed.save(update_fields=["content", "words"])
    running.decide_anew(run, [first.number, later.number], now)
    audit.record("talents.choose_in_import", run, by=by, at=now, row=number, fields=sorted(names))
    return run


@transaction.atomic
def map_columns(*, run, fields, by, now):
    """Say what the columns nothing knows are, {word: field or "" to leave it out}; the form is read again.

    Remembered for the department and this form by its headers, and applied by itself the next time. Raises
    Refused, Conflict("not_ready", "file_gone"), Invalid("no_such_column", "column_twice").
    """
    run = _lock(run, by)
    if error := why_not_choose(run):
        raise error
    if fields == run.columns_said:
        return run
    if error := mapping.why_not_read(run) or mapping.why_not_fields(run, fields):
        raise error
    said = {"fields": fields, "by": by, "at": now}
    key = {"department": run.department, "form": run.form_key}
    ColumnMapping.objects.update_or_create(**key, defaults=said)
    return _read_again(run, "talents.map_import_columns", by, now)


@transaction.atomic
def forget_columns(*, run, by, now):
    """Forget what was said of the columns of this form; it is read again without. Returns the run.

    Raises Refused and Conflict("not_ready", "file_gone").
    """
    run = _lock(run, by)
    if error := why_not_choose(run):
        raise error
    said = ColumnMapping.objects.filter(department=run.department, form=run.form_key)
    if not said.delete()[0] and not run.columns_said:
        return run
    if error := mapping.why_not_read(run):
        raise error
    return _read_again(run, "talents.forget_import_columns", by, now)


def _read_again(run, verb, by, now):
    mapping.read_again(run)
    run.save()
    audit.record(verb, run, by=by, at=now)
    nudge_on_commit("talents.tasks.work_import", run.pk)
    return run


@transaction.atomic
def settle_units(*, run, units, by, now):
    """Say which units of the portal the unknown ones are, once for all their rows; returns the run.

    `units` is {name as written: Unit, None where it stays as written, or (name, UnitKind) of a new unit to
    be taken up}. All or nothing. Raises Refused, Conflict("not_ready"), and what `unknown_units.register`
    raises, its `field` being the name as written.
    """
    run = _lock(run, by)
    if error := why_not_choose(run):
        raise error
    unknown = {unit_key(name) for name, _count in run.unknown_units}
    units = {name: unit for name, unit in units.items() if unit_key(name) in unknown}
    said = {unit_key(name): _settled(name, unit, by, now) for name, unit in units.items()}
    if said == {key: run.units.get(key) for key in said}:
        return run
    run.units |= said
    run.save(update_fields=["units"])
    audit.record("talents.settle_import_units", run, by=by, at=now, units=len(said))
    return run


def _settled(name, unit, by, now):
    """Return the pk of what the clerk said a unit is, None where it stays as written."""
    if not isinstance(unit, tuple):
        return unit and unit.pk
    new_name, kind = unit
    try:
        return unknown_units.register(name=new_name, kind=kind, by=by, now=now).pk
    except DomainError as error:
        error.field = name
        raise


def why_not_undo(run):
    """Return why a run cannot be taken back as it stands (DomainError), or None.

    It can as long as nothing depends on what it wrote: nobody claimed a record, changed it or refers to it.
    """
    if run.state not in (ImportState.DONE, ImportState.CANCELLED):
        return Conflict("not_done", _("只有已经写入的名单才能撤销。"))
    if not undoing.written(run).exists():
        return Conflict(
            "nothing_to_undo", _("没有可以撤销的内容：没有写入，或已超过 30 天，明细已删除。")
        )
    return undoing.why_not(run)


@transaction.atomic
def undo(*, run, by, now):
    """Have everything a run wrote taken back. Asking again changes nothing; returns the run.

    Raises Refused("not_allowed"), Refused("not_in_scope"), Conflict("not_done"), Conflict("nothing_to_undo"),
    and Conflict("depended_on") with the people and what depends on their records.
    """
    run = _lock(run, by)
    if run.state in (ImportState.UNDOING, ImportState.UNDONE):
        return run
    if error := why_not_undo(run):
        raise error
    run.state, run.processed, run.attempts = ImportState.UNDOING, 0, 0
    run.undone_by, run.heartbeat_at, run.worker = by, None, ""
    run.save()
    audit.record("talents.undo_import", run, by=by, at=now)
    nudge_on_commit("talents.tasks.work_import", run.pk)
    return run


@transaction.atomic
def export_refused(*, run, out, by, now):
    """Write the refused rows of a run as a workbook that can be corrected and uploaded again.

    `out` is a binary file. The rows hold whole numbers, so who took them is recorded. Raises
    Refused("not_allowed"), Refused("not_in_scope"), and Invalid("nothing_refused") when there are
    none, or none any more.
    """
    run = _within(_within_reach(by), run)
    refused = run.rows.filter(outcome=Outcome.REFUSE).exclude(content__isnull=True)
    count = refused.count()
    if not count:
        raise Invalid("nothing_refused", _("没有退回的行可以下载。"))
    audit.record("talents.export_refused", run, by=by, at=now, rows=count)
    records = refused.order_by("number").iterator(500)
    workbook.refused_workbook((rows.unpack(record, run) for record in records), out)


def _within_reach(by):
    """Return the runs `by` may act on."""
    rights.require(by, RIGHT, NOT_ALLOWED)
    return ImportRun.objects.all() if by is None else ImportRun.objects.visible_to(by)


def _lock(run, by):
    _within(_within_reach(by), run)
    return ImportRun.objects.select_for_update().get(pk=run.pk)


def _within(runs, run):
    visible_run = runs.filter(pk=run.pk).first()
    if visible_run is None:
        raise Refused("not_in_scope", _("这份名单不在您的办理范围内。"))
    return visible_run


def imported_before(run):
    """Return the newest finished run of the same file in the same department, or None."""
    same = ImportRun.objects.filter(digest=run.digest, department=run.department_id)
    return same.filter(state=ImportState.DONE).exclude(pk=run.pk).order_by("-id").first()
