"""The admin's own pages: a clerk's decision on a record."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from kernel.errors import DomainError
from privacy import operations as privacy_operations
from talents import operations
from talents.forms import HandOverForm, ReturnForm, RevealForm, VerifyForm


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
