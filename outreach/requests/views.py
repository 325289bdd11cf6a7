"""Pages of a school: three steps that keep what is filled in, where a request stands, what is attested after the day."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel.access import needs
from kernel.errors import DomainError
from outreach.requests import attesting, operations, rules
from outreach.requests.forms import AttestForm, EntryForm, WhatForm, WhenForm
from outreach.requests.models import ASK, InvitationState, RequestState, SchoolRequest

PAGE = "outreach/requests/"
STEPS = ("request_what", "request_when", "request_send")
KEPT = "outreach/volunteers/kept.html"


def _own(request, code):
    rows = SchoolRequest.objects.of_contact(request.user).select_related("unit", "entry")
    return get_object_or_404(rows, code=code)


def _draft(request, code):
    found = _own(request, code)
    if found.state != RequestState.DRAFT:
        raise Http404
    return found


def _steps(code):
    titles = (_("内容和地点"), _("人数和时间"), _("核对并提交"))
    return [
        {"title": title, "href": reverse(step, args=[code])}
        for title, step in zip(titles, STEPS, strict=True)
    ]


@needs(ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_requests(request):
    """List what the unit asked for; POST begins a request."""
    unit, by = request.user.unit, request.user
    if request.method == "POST":
        return _begun(request, unit)
    rows = SchoolRequest.objects.of_contact(by).exclude(state=RequestState.CANCELLED, sent_at=None)
    context = {"rows": rows.order_by("-id")[:50], "why_not": rules.why_not_ask(unit, by)}
    return render(request, PAGE + "mine.html", context)


def _begun(request, unit):
    try:
        made = operations.save_request(
            unit=unit, request=None, values={}, by=request.user, now=timezone.now()
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("my_requests")
    return redirect("request_what", made.code)


@needs(ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_what(request, code):
    """First step."""
    return _step(request, code, WhatForm, 1)


@needs(ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_when(request, code):
    """Second step."""
    return _step(request, code, WhenForm, 2)


def _step(request, code, form_class, number):
    """Show a step and keep what is filled in: at each change while the page is open, and when she goes on."""
    draft = _draft(request, code)
    sent = request.POST if request.method == "POST" else None
    form = form_class(sent, initial=form_class.start(draft))
    kept = form.is_valid() and _kept(request, form, draft)
    if request.htmx:
        return render(request, KEPT, {"kept": kept, "form": form})
    if kept:
        return redirect(STEPS[number], code)
    context = {"form": form, "steps": _steps(code), "step": number, "draft": draft}
    return render(request, PAGE + "step.html", context, status=422 if form.errors else 200)


def _kept(request, form, draft):
    given = {"unit": request.user.unit, "request": draft, "values": form.values}
    try:
        operations.save_request(**given, by=request.user, now=timezone.now())
    except DomainError as error:
        error.add_to(form)
        return False
    return True


@needs(ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_send(request, code):
    """Third step: under which activity of the white list; show everything, and hand it in."""
    draft = _draft(request, code)
    day = min(draft.days, default=None)
    sent = request.POST if request.method == "POST" else None
    form = EntryForm(sent, initial={"entry": draft.entry_id}, day=day)
    if form.is_valid() and _kept(request, form, draft):
        try:
            operations.send_request(request=draft, by=request.user, now=timezone.now())
        except DomainError as error:
            draft.refresh_from_db()
            messages.error(request, str(error))
            return redirect(_step_of(error.field), code)
        messages.success(request, _("已提交，正在找人。有人答应就通知您；14 天没找到也会告诉您。"))
        return redirect("my_request", code)
    context = {"form": form, "steps": _steps(code), "step": 3, "draft": draft}
    return render(request, PAGE + "send.html", context, status=422 if form.errors else 200)


def _step_of(field):
    """Return the step in which a field stands."""
    if field in WhatForm.base_fields:
        return STEPS[0]
    return STEPS[2] if field in (None, "entry") else STEPS[1]


@needs(ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_request(request, code):
    """Show where a request stands, who comes, and what is to be done; POST attests."""
    found, now = _own(request, code), timezone.now()
    if found.state == RequestState.DRAFT:
        return redirect("request_what", code)
    form = AttestForm(
        request.POST if request.method == "POST" else None,
        initial={"half_hours": 2, "girls": found.girls, "boys": found.boys},
    )
    if form.is_valid():
        try:
            attesting.attest_visit(request=found, by=request.user, now=now, **form.cleaned_data)
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已证明。时长由工作人员确认后记给志愿者，谢谢。"))
            return redirect("my_request", code)
    context = {
        "found": found,
        "who": found.invitations.filter(state=InvitationState.ACCEPTED)
        .select_related("talent")
        .first(),
        "asked": found.invitations.open().count(),
        "form": form,
        "attests": rules.why_not_attest(found, now) is None,
        "cancels": rules.why_not_cancel(found, now) is None,
        "takes_back": rules.why_not_take_back(found) is None,
    }
    status = 422 if form.errors else 200
    return render(request, PAGE + "own.html", context, status=status)


ACTS = {
    "cancel": (operations.cancel_request, gettext_lazy("已取消。")),
    "miss": (attesting.miss_visit, gettext_lazy("已记下没有进行。")),
    "take_back": (attesting.take_back_attest, gettext_lazy("已撤回，可以重新填。")),
}


@needs(ASK)
@require_POST
def act_on_request(request, code):
    """Cancel, say that it did not take place, or take back what was said."""
    found, act = _own(request, code), request.POST.get("act", "")
    if act not in ACTS:
        return redirect("my_request", code)
    operation, done = ACTS[act]
    was_draft = found.state == RequestState.DRAFT
    try:
        operation(request=found, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(done))
    return redirect("my_requests") if was_draft else redirect("my_request", code)
