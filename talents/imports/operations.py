"""What a clerk does with a list: upload it, confirm or drop it, take the refused rows back.

`by` may act where she may import and where her department is; by=None is the system (the command).
"""

import base64
import io
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.worker import nudge_on_commit
from privacy import audit
from privacy.crypto import keyed_digest
from talents.imports import rows, workbook
from talents.imports.models import ImportFile, ImportRun, ImportState, Outcome

RIGHT = "talents.import_talent"
NOT_ALLOWED = gettext_lazy("您没有导入名单的权限，请联系系统管理员。")
# Small files are read while the clerk waits, so that a wrong one leaves nothing behind.
READ_AT_ONCE = 256 * 1024


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
    """Take in a form (bytes of an .xlsx) for `department`; returns the ImportRun, not yet read.

    Raises Refused("not_allowed"), Refused("not_in_scope"), and WorkbookError for a file that is none;
    stores nothing then. A large file is only looked at from outside; what is wrong inside it the run
    itself says later.
    """
    if error := why_not_upload(department, by):
        raise error
    look = workbook.read if len(data) <= READ_AT_ONCE else workbook.check
    look(io.BytesIO(data))
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
    run.save()
    audit.record("talents.confirm_import", run, by=by, at=now)
    nudge_on_commit("talents.tasks.work_import", run.pk)
    return run


def why_not_cancel(run):
    """Return why a run cannot be dropped as it stands (DomainError), or None."""
    if run.state in (ImportState.COMMITTING, ImportState.DONE):
        return Conflict("too_late", _("名单已经开始导入，不能取消。"))
    if run.state in (ImportState.FAILED, ImportState.CANCELLED):
        return Conflict("has_ended", _("这次导入已经结束，不用取消。"))
    return None


@transaction.atomic
def cancel(*, run, by, now):
    """Drop a run that was not confirmed, with its file and rows; returns the run.

    Raises Refused("not_allowed"), Refused("not_in_scope"), Conflict("too_late") once rows are being
    written or are written, and Conflict("has_ended") for a run that failed.
    """
    run = _lock(run, by)
    if run.state == ImportState.CANCELLED:
        return run
    if error := why_not_cancel(run):
        raise error
    run.state, run.finished_at, run.worker = ImportState.CANCELLED, now, ""
    run.save()
    run.rows.all().delete()
    ImportFile.objects.filter(run=run).delete()
    audit.record("talents.cancel_import", run, by=by, at=now)
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
