"""The admin's pages of an import run: upload, preview, confirm, cancel, the refused rows."""

import io
import re
from pathlib import PurePath
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Unit, UnitKind
from kernel.admin.actions import attempt, say
from kernel.admin.decision import form_page
from kernel.changes import watched
from kernel.downloads import download
from kernel.errors import DomainError
from talents.imports import mapping, operations, showing, unknown_units, workbook
from talents.imports.forms import UploadForm
from talents.imports.models import ImportState, Outcome
from talents.imports.workbook import container

PER_PAGE = 50
DOUBTFUL = "doubt"
NEW_UNIT = "new"
PK = re.compile("[0-9]{1,9}")


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
        path("<int:object_id>/undo/", of_run(undo, require_POST), name="import_undo"),
        path("<int:object_id>/choose/", of_run(choose, require_POST), name="import_choose"),
        path(
            "<int:object_id>/units/",
            of_run(units, require_http_methods(["GET", "POST"])),
            name="import_units",
        ),
        path("<int:object_id>/columns/", of_run(columns, require_POST), name="import_columns"),
        path("<int:object_id>/refused/", of_run(refused, require_POST), name="import_refused"),
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
    context = {
        "run": run,
        "title": run.file_name,
        "address": reverse("admin:talents_importrun_change", args=[run.pk]),
        "can_cancel": operations.why_not_cancel(run) is None,
    }
    if not run.is_working:
        context |= _standing(run, run.by_id == request.user.pk) | _rows(run, request)
    return model_admin.page(request, "talents/admin/run.html", **context)


def _standing(run, whole):
    """Return what a run that rests shows above its rows."""
    writes, is_ready = run.created_count + run.updated_count, run.state == ImportState.READY
    is_written = run.state == ImportState.DONE or (
        run.state == ImportState.CANCELLED and writes > 0
    )
    return {
        "writes": writes,
        "can_confirm": writes and operations.why_not_confirm(run) is None,
        "is_written": is_written,
        "why_not_undo": operations.why_not_undo(run) if is_written else None,
        "before": operations.imported_before(run) if is_ready else None,
        "counts": [(outcome.value, outcome.label, n) for outcome, n in run.counts.items() if n],
        "doubts": run.rows.filter(has_doubt=True).count(),
        "units": unknown_units.proposals(run) if is_ready else [],
        "units_more": len(run.unknown_units[unknown_units.MOST :]) if is_ready else 0,
        "unit_kinds": UnitKind.choices,
        **(_columns(run, whole) if is_ready else {}),
        "is_nameless": is_ready and mapping.is_nameless(run),
        "has_chosen_units": any(run.units.values()),
    }


def _columns(run, whole):
    """Return what is asked of columns nothing knows; samples to who holds the file."""
    said = run.columns_said
    asked = [
        {
            "position": i,
            "header": header,
            "samples": samples if whole else [],
            "said": said.get(word),
        }
        for i, (word, header, samples) in enumerate(mapping.unknown(run))
    ]
    applied = [column["header"] for column in asked if column["said"]]
    return {
        "columns": asked,
        "columns_asked": any(column["said"] is None for column in asked),
        "columns_applied": applied,
        "column_choices": mapping.offered(run),
    }


def columns(model_admin, request, object_id):
    """Say what columns are that nothing knows, or forget what was said."""
    run = model_admin.get_or_404(request, object_id)
    if "forget" in request.POST:
        attempt(request, operations.forget_columns, _("已忘记，正在重新读取。"), run=run)
        return _back(run)
    fields = {
        word: request.POST.get(f"column-{i}", "")
        for i, (word, _header, _samples) in enumerate(mapping.unknown(run))
    }
    done = _("已记住，下次收到同样的表会自动对应。")
    attempt(request, operations.map_columns, done, run=run, fields=fields)
    return _back(run)


def _rows(run, request):
    """Return the page of rows that is asked for: of one outcome or the doubtful ones, searched, or at a line."""
    # What is searched for may be a number of somebody's: it is posted, so that it stands in no address.
    asked = request.POST if "q" in request.POST else request.GET
    query = request.POST.get("q", "").strip()[:40]
    chosen = asked.get("outcome", "")
    records = run.rows.order_by("number")
    if chosen in Outcome.values:
        records = records.filter(outcome=chosen)
    elif chosen == DOUBTFUL:
        records = records.filter(has_doubt=True)
    number = asked.get("page")
    if query.isdecimal() and len(query) < 7:
        number = records.filter(line__lt=int(query)).count() // PER_PAGE + 1
    elif query:
        records = showing.search(records, run, query)
    page = Paginator(records, PER_PAGE).get_page(number)
    whole = run.by_id == request.user.pk
    return {
        "page_query": urlencode({"outcome": chosen}),
        "searched": "" if query.isdecimal() and len(query) < 7 else query,
        "chosen": chosen,
        "query": query,
        "page": page,
        "rows": showing.page_of(list(page), run, whole=whole),
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


def undo(model_admin, request, object_id):
    """Have everything the run wrote taken back."""
    run = model_admin.get_or_404(request, object_id)
    attempt(request, operations.undo, run=run)
    return _back(run)


def choose(model_admin, request, object_id):
    """Say which of two differing rows of one person is right."""
    run = model_admin.get_or_404(request, object_id)
    number = request.POST.get("number", "")
    names = [name for name in showing.FIELDS if request.POST.get(f"of-{name}") == "later"]
    about = {"run": run, "names": names, "number": int(number) if number.isdecimal() else 0}
    attempt(request, operations.choose, _("已按您的选择更新预览。"), **about)
    return redirect(f"{_back(run).url}?outcome={Outcome.MERGE}")


def units(model_admin, request, object_id):
    """Say which units of the portal the unknown ones of the list are, or take them up as new ones."""
    run = model_admin.get_or_404(request, object_id)
    if request.method == "GET":  # a refused form, loaded again
        return _back(run)
    asked = unknown_units.proposals(run)
    said = {unit["name"]: _said(unit, request.POST) for unit in asked}
    try:
        with watched() as verbs:
            operations.settle_units(run=run, units=said, by=request.user, now=timezone.now())
    except DomainError as error:
        return _units_again(model_admin, request, run, said, error)
    say(request, _("已记下单位的对应关系。"), changed=bool(verbs))
    return _back(run)


def _said(unit, sent):
    """Return what the clerk says an unknown unit is, as `operations.settle_units` takes it."""
    position = unit["position"]
    chosen = sent.get(f"unit-{position}", "")
    if chosen == NEW_UNIT:
        return sent.get(f"name-{position}", "")[:200], sent.get(f"kind-{position}", "")
    return Unit.objects.filter(pk=int(chosen)).first() if PK.fullmatch(chosen) else None


def _units_again(model_admin, request, run, said, error):
    """Show the preview with what was said about the units still there, and why it was refused where."""
    if run.state != ImportState.READY:
        messages.error(request, str(error))
        return _back(run)
    answer = show(model_admin, request, run.pk)
    for unit in answer.context_data["units"]:
        chosen = said.get(unit["name"])
        is_new = isinstance(chosen, tuple)
        unit["chosen"] = NEW_UNIT if is_new else chosen and chosen.pk
        if is_new:
            unit["new_name"], unit["new_kind"] = chosen
    error.field = next(
        (f"name-{u['position']}" for u in answer.context_data["units"] if u["name"] == error.field),
        "",
    )
    answer.context_data["error"] = error
    answer.status_code = 422
    return answer


def refused(model_admin, request, object_id):
    """Download the refused rows as a workbook to correct and upload again; the log notes it, so it is a POST."""
    run, out = model_admin.get_or_404(request, object_id), io.BytesIO()
    try:
        operations.export_refused(run=run, out=out, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
        return _back(run)
    name = _("退回的行-%(name)s") % {"name": PurePath(run.file_name).stem}
    return download(out.getvalue(), f"{name}.xlsx")


def template(request):
    """Download the empty form."""
    if not request.user.has_perm(operations.RIGHT):
        raise PermissionDenied
    out = io.BytesIO()
    workbook.template_workbook(out)
    return download(out.getvalue(), _("信息采集表（空白）.xlsx"))
