"""The admin's pages of an import run: upload, preview, confirm, cancel, the refused rows."""

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kernel import masking
from kernel.admin.actions import attempt
from kernel.admin.decision import form_page
from kernel.downloads import download
from kernel.errors import DomainError
from kernel.words import listed
from talents.imports import operations, rows, workbook
from talents.imports.forms import UploadForm
from talents.imports.models import ImportState, Outcome
from talents.imports.workbook import container
from talents.models import Talent

PER_PAGE = 50
DOUBTFUL = "doubt"


def urls(model_admin):
    """Return the addresses of an import run's own pages."""
    site = model_admin.admin_site

    def of_run(page, method):
        def view(request, object_id):
            if not model_admin.has_view_permission(request):
                raise PermissionDenied
            return page(model_admin, request, object_id)

        return site.admin_view(method(view))

    return [
        path("template/", site.admin_view(require_GET(template)), name="import_template"),
        path("<int:object_id>/confirm/", of_run(confirm, require_POST), name="import_confirm"),
        path("<int:object_id>/cancel/", of_run(cancel, require_POST), name="import_cancel"),
        path("<int:object_id>/refused/", of_run(refused, require_GET), name="import_refused"),
    ]


def _back(run):
    return redirect("admin:talents_importrun_change", run.pk)


def upload(model_admin, request):
    """Take in a form."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            return _back(_take_in(request, form))
        except DomainError as error:
            error.add_to(form, fallback="file")
    return form_page(
        model_admin, request, "talents/admin/upload.html", title=_("导入名单"), form=form
    )


def _take_in(request, form):
    file = form.cleaned_data["file"]
    return operations.upload(
        file_name=file.name,
        data=file.read(container.MAX_BYTES + 1),
        department=form.cleaned_data.get("department") or request.user.department,
        by=request.user,
        now=timezone.now(),
    )


def show(model_admin, request, object_id):
    """Show how a run stands: progress while it works, then its rows."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    run = model_admin.get_or_404(request, object_id)
    context = {"run": run, "title": run.file_name}
    if not run.is_working:
        context |= _standing(run) | _rows(run, request)
    return model_admin.page(request, "talents/admin/run.html", **context)


def _standing(run):
    """Return what a run that rests shows above its rows."""
    writes = run.created_count + run.updated_count
    return {
        "writes": writes,
        "can_confirm": writes and operations.why_not_confirm(run) is None,
        "can_cancel": operations.why_not_cancel(run) is None,
        "before": operations.imported_before(run) if run.state == ImportState.READY else None,
        "counts": [(outcome.value, outcome.label, n) for outcome, n in run.counts.items() if n],
        "doubts": run.rows.filter(has_doubt=True).count(),
    }


def _rows(run, request):
    """Return the page of rows that is asked for, of one outcome or the doubtful ones."""
    chosen = request.GET.get("outcome", "")
    records = run.rows.order_by("number")
    if chosen in Outcome.values:
        records = records.filter(outcome=chosen)
    elif chosen == DOUBTFUL:
        records = records.filter(has_doubt=True)
    page = Paginator(records, PER_PAGE).get_page(request.GET.get("page"))
    return {"chosen": chosen, "page": page, "rows": [_shown(record, run) for record in page]}


def _shown(record, run):
    """Return a stored row as the page shows it: masked, with its problems in words."""
    row = rows.unpack(record, run)
    changed = [Talent._meta.get_field(name).verbose_name for name, _b, _a in rows.changes(record)]
    return {
        "number": record.line,
        "name": masking.name(row.values["full_name"]),
        "unit": row.values["unit_name"],
        "outcome": record.outcome,
        "label": record.get_outcome_display(),
        "changes": listed(changed) if record.outcome == Outcome.UPDATE else "",
        "problems": row.problems,
        "talent": record.talent_id,
    }


def confirm(model_admin, request, object_id):
    """Have a previewed run written."""
    run = model_admin.get_or_404(request, object_id)
    attempt(request, operations.confirm, run=run)
    return _back(run)


def cancel(model_admin, request, object_id):
    """Drop a run that was not confirmed."""
    run = model_admin.get_or_404(request, object_id)
    if attempt(request, operations.cancel, _("已取消，没有写入任何内容。"), run=run) is None:
        return _back(run)
    return redirect("admin:talents_importrun_changelist")


def refused(model_admin, request, object_id):
    """Download the refused rows as a workbook to correct and upload again."""
    run, out = model_admin.get_or_404(request, object_id), io.BytesIO()
    try:
        operations.export_refused(run=run, out=out, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
        return _back(run)
    name = _("退回的行-%(name)s") % {"name": run.file_name.removesuffix(".xlsx")}
    return download(out.getvalue(), f"{name}.xlsx")


def template(request):
    """Download the empty form."""
    if not request.user.has_perm(operations.RIGHT):
        raise PermissionDenied
    out = io.BytesIO()
    workbook.template_workbook(out)
    return download(out.getvalue(), _("信息采集表（空白）.xlsx"))
