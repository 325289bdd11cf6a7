"""Bases for everybody; what she asked; what an owner answers."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from entrepreneurship.bases import operations, rules
from entrepreneurship.bases.forms import AnswerForm, AskForm, DeclineForm, HelpedForm, ReopenForm
from entrepreneurship.bases.models import Base, BaseRequest, BaseService
from kernel.access import signed_in
from kernel.errors import DomainError
from kernel.keyset import Keyset
from kernel.public_pages import public_page
from talents.operations import own_record

NEWEST = Keyset(("-id",))
PAGE = 20


def _shown():
    services = BaseService.objects.offered(timezone.localdate()).order_by("title", "pk")
    return Base.objects.shown().prefetch_related(Prefetch("services", services, "offered"))


@public_page
@require_safe
def bases(request):
    """List the bases by kind with what each offers today."""
    rows = _shown().order_by("kind", "name")
    return render(request, "entrepreneurship/bases/list.html", {"bases": rows})


@public_page
@require_safe
def base(request, pk):
    """Show one base and its services."""
    found = get_object_or_404(_shown(), pk=pk)
    return render(request, "entrepreneurship/bases/base.html", {"base": found})


# --- she -------------------------------------------------------------------------------------------
@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_base(request, pk):
    """Take what she asks a base for."""
    rows = BaseService.objects.offered(timezone.localdate()).select_related("base__owner")
    service, talent = get_object_or_404(rows, pk=pk), own_record(request.user)
    form = AskForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            made = operations.ask_base(
                service=service,
                talent=talent,
                by=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已提交，五个工作日内答复，会通知您。"))
            return redirect(made)
    context = {
        "form": form,
        "service": service,
        "why_not": rules.why_not_ask_base(talent, request.user),
    }
    status = 422 if form.errors else 200
    return render(request, "entrepreneurship/bases/ask.html", context, status=status)


@signed_in
@never_cache
@require_safe
def my_base_requests(request):
    """List what she asked."""
    rows = BaseRequest.objects.of_woman(request.user).select_related("base", "service")
    context = {"page": NEWEST.page(rows, request.GET.get("after", ""), PAGE)}
    return render(request, "entrepreneurship/bases/mine.html", context)


ACTS = {
    "withdraw": (None, operations.withdraw_base_request),
    "reopen": (ReopenForm, operations.reopen_base_request),
    "helped": (HelpedForm, operations.say_helped),
}
ANSWERS = {
    "answer": (AnswerForm, operations.answer_base_request),
    "decline": (DeclineForm, operations.decline_base_request),
}
DONE = {
    "withdraw": gettext_lazy("已撤回。"),
    "reopen": gettext_lazy("已重新提出，五个工作日内答复。"),
    "helped": gettext_lazy("已记下，谢谢您。"),
    "answer": gettext_lazy("已答复，已通知她。"),
    "decline": gettext_lazy("已说明，已通知她。"),
}


def _acted(request, found, acts, forms):
    """Carry out what was posted; True where it was done. What was refused stands in its form."""
    act = request.POST.get("act")
    if act not in acts:
        raise Http404
    operation = acts[act][1]
    form = forms.get(act)
    if form is not None and not form.is_valid():
        return False
    given = form.cleaned_data if form is not None else {}
    try:
        operation(request=found, by=request.user, now=timezone.now(), **given)
    except DomainError as error:
        if form is None:
            messages.error(request, str(error))
            return True
        error.add_to(form)
        return False
    messages.success(request, str(DONE[act]))
    return True


def _forms(request, acts, initial):
    act = request.POST.get("act") if request.method == "POST" else None
    return {
        name: form_class(
            request.POST if act == name else None, prefix=name, initial=initial.get(name)
        )
        for name, (form_class, _operation) in acts.items()
        if form_class
    }


def _page(request, template, found, acts, initial=None, **context):
    forms = _forms(request, acts, initial or {})
    if request.method == "POST" and _acted(request, found, acts, forms):
        return redirect(request.path)
    wrong = any(form.errors for form in forms.values())
    context |= {"found": found, "forms": forms}
    return render(request, template, context, status=422 if wrong else 200)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def base_request(request, code):
    """Show her one of her requests; POST withdraws it, puts it again, or says whether it helped."""
    rows = BaseRequest.objects.of_woman(request.user)
    rows = rows.select_related("base", "service", "talent__user", "venture")
    found = get_object_or_404(rows, code=code)
    said = {"helped": {"helped": found.helped, "words": found.helped_words}}
    return _page(
        request,
        "entrepreneurship/bases/request.html",
        found,
        ACTS,
        said,
        can_reopen=rules.why_not_reopen(found) is None,
    )


# --- who answers -----------------------------------------------------------------------------------
@signed_in
@never_cache
@require_safe
def base_requests_to_answer(request):
    """List what the reader answers: what she owns, or the unit she is the contact of runs; what waits first."""
    rows = BaseRequest.objects.of_owner(request.user).select_related("base", "service")
    context = {
        "waiting": rows.open().order_by("due_on", "pk")[:100],
        "today": timezone.localdate(),
        "page": NEWEST.page(rows.exclude(state="open"), request.GET.get("after", ""), PAGE),
    }
    return render(request, "entrepreneurship/bases/to_answer.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def base_request_to_answer(request, code):
    """Show who answers what was asked; POST answers, or says why it cannot be done."""
    rows = BaseRequest.objects.of_owner(request.user)
    rows = rows.select_related("base", "service", "talent__user", "venture")
    found = get_object_or_404(rows, code=code)
    return _page(
        request,
        "entrepreneurship/bases/answer.html",
        found,
        ANSWERS,
        why_not=rules.why_not_answer_for(found, request.user) or rules.why_not_open(found),
        overdue=found.is_overdue(timezone.localdate()),
    )
