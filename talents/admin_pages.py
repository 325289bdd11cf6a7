"""The admin's own pages: a clerk's decision on a record, and the stations of an import run."""

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kernel import masking
from kernel.errors import DomainError
from kernel.words import listed
from privacy import operations as privacy_operations
from talents import importing, operations, workbook
from talents.forms import HandOverForm, ReturnForm, RevealForm, UploadForm, VerifyForm
from talents.models import Outcome, Talent
from talents.workbook import reading

ROWS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _object(model_admin, request, object_id):
    found = model_admin.get_object(request, object_id)
    if found is None:
        raise Http404
    return found


def _page(model_admin, request, template, *, status=200, **context):
    context = model_admin.admin_site.each_context(request) | {"opts": model_admin.opts} | context
    response = TemplateResponse(request, f"talents/admin/{template}", context, status=status)
    add_never_cache_headers(response)
    return response


def _decision(model_admin, request, object_id, form_class, template, title, decide, done):
    """Show a form about a record and carry it out; a refusal is said and leads back to the record."""
    talent = _object(model_admin, request, object_id)
    here = reverse("admin:talents_talent_change", args=[talent.pk])
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide(talent, form)
        except DomainError as error:
            if error.field in form.fields:
                form.add_error(error.field, error.message)
            else:
                messages.error(request, str(error))
                return redirect(here)
        else:
            messages.success(request, done % {"name": talent.full_name})
            return redirect("admin:talents_talent_changelist")
    context = {"talent": talent, "form": form, "title": title, "back": here}
    return _page(model_admin, request, template, status=422 if form.errors else 200, **context)


def verify(model_admin, request, object_id):
    """Take a record in, with a tier."""
    by, now = request.user, timezone.now()
    return _decision(
        model_admin,
        request,
        object_id,
        VerifyForm,
        "verify.html",
        _("审核通过"),
        lambda talent, form: operations.verify(
            talent=talent, tier=form.cleaned_data["tier"], by=by, now=now
        ),
        _("%(name)s 的资料已入库，已通知本人。"),
    )


def send_back(model_admin, request, object_id):
    """Give a record back with what is missing."""
    by, now = request.user, timezone.now()
    return _decision(
        model_admin,
        request,
        object_id,
        ReturnForm,
        "return.html",
        _("退回补充"),
        lambda talent, form: operations.return_with_reason(
            talent=talent, reason=form.full_reason(), by=by, now=now
        ),
        _("%(name)s 的资料已退回，已通知本人。"),
    )


def hand_over(model_admin, request, object_id):
    """Give a record to another department."""
    by, now = request.user, timezone.now()
    return _decision(
        model_admin,
        request,
        object_id,
        HandOverForm,
        "hand_over.html",
        _("转交部门"),
        lambda talent, form: operations.hand_over(
            talent=talent, department=form.cleaned_data["department"], by=by, now=now
        ),
        _("%(name)s 的资料已转交。"),
    )


def reveal(model_admin, request, object_id):
    """Show one number in full to somebody who says why."""
    talent = _object(model_admin, request, object_id)
    form = RevealForm(request.POST or None)
    shown = None
    if request.method == "POST" and form.is_valid():
        try:
            shown = privacy_operations.reveal(
                obj=talent, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    context = {
        "talent": talent,
        "form": form,
        "title": _("查看完整号码"),
        "back": reverse("admin:talents_talent_change", args=[talent.pk]),
        "asked": shown is not None,
        "shown": shown or _("未填写"),
        "label": dict(RevealForm.FIELDS).get(form.data.get("field")),
    }
    return _page(model_admin, request, "reveal.html", status=422 if form.errors else 200, **context)


# --- import runs ------------------------------------------------------------------------------


def import_urls(model_admin):
    """Return the addresses of an import run's own pages."""

    def of_run(view, method):
        def wrapped(request, object_id):
            if not request.user.has_perm("talents.import_talent"):
                raise PermissionDenied
            return view(model_admin, request, object_id)

        return model_admin.admin_site.admin_view(method(wrapped))

    return [
        path("template/", model_admin.admin_site.admin_view(template), name="import_template"),
        path("<int:object_id>/confirm/", of_run(confirm, require_POST), name="import_confirm"),
        path("<int:object_id>/cancel/", of_run(cancel, require_POST), name="import_cancel"),
        path("<int:object_id>/refused/", of_run(refused, require_GET), name="import_refused"),
    ]


def upload(model_admin, request):
    """Take in a form."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = importing.upload(
                file_name=file.name,
                data=file.read(reading.MAX_BYTES + 1),
                department=form.cleaned_data.get("department") or request.user.department,
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            return redirect("admin:talents_importrun_change", run.pk)
    context = {"form": form, "title": _("导入名单")}
    return _page(model_admin, request, "upload.html", status=422 if form.errors else 200, **context)


def run(model_admin, request, object_id):
    """Show how a run stands: progress while it works, then its rows."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    one = _object(model_admin, request, object_id)
    chosen = request.GET.get("outcome", "")
    rows = one.rows.order_by("number")
    if chosen in Outcome.values:
        rows = rows.filter(outcome=chosen)
    elif chosen == "doubt":
        rows = rows.filter(has_doubt=True)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "run": one,
        "title": one.file_name,
        "chosen": chosen,
        "counts": [(o.value, o.label, n) for o, n in one.counts.items() if n],
        "doubts": one.rows.filter(has_doubt=True).count() if not one.is_working else 0,
        "page": page,
        "rows": [] if one.is_working else [_shown(row, one) for row in page],
        "before": importing.imported_before(one) if one.state == "ready" else None,
        "writes": one.created_count + one.updated_count,
    }
    return _page(model_admin, request, "run.html", **context)


def _shown(row, one):
    """Return a stored row as the page shows it: masked, with its reasons in words."""
    person = importing.unpack(row, one)
    fields = [_field_name(name) for name in importing.changed_fields(row)]
    return {
        "number": row.number,
        "name": masking.name(person.values["full_name"]),
        "unit": person.values["unit_name"],
        "outcome": row.outcome,
        "label": row.get_outcome_display(),
        "changes": listed(fields) if row.outcome == Outcome.UPDATE else "",
        "problems": person.problems,
        "talent": row.talent_id,
    }


def _field_name(name):
    return str(Talent._meta.get_field(name).verbose_name)


def confirm(model_admin, request, object_id):
    """Have a previewed run written."""
    one = _object(model_admin, request, object_id)
    try:
        importing.confirm(run=one, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("admin:talents_importrun_change", one.pk)


def cancel(model_admin, request, object_id):
    """Drop a run that was not confirmed."""
    one = _object(model_admin, request, object_id)
    try:
        importing.cancel(run=one, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("admin:talents_importrun_change", one.pk)
    messages.success(request, _("已取消，没有写入任何内容。"))
    return redirect("admin:talents_importrun_changelist")


def refused(model_admin, request, object_id):
    """Download the refused rows as a workbook to correct and upload again."""
    one = _object(model_admin, request, object_id)
    out = io.BytesIO()
    try:
        importing.refused_file(one, out, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("admin:talents_importrun_change", one.pk)
    out.seek(0)
    name = _("退回的行-%(name)s") % {"name": one.file_name.removesuffix(".xlsx")}
    response = FileResponse(out, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    add_never_cache_headers(response)
    return response


@require_GET
def template(request):
    """Download the empty form."""
    if not request.user.has_perm("talents.import_talent"):
        raise PermissionDenied
    out = io.BytesIO()
    workbook.template_workbook(out)
    out.seek(0)
    return FileResponse(
        out, as_attachment=True, filename=_("信息采集表（空白）.xlsx"), content_type=XLSX
    )
