"""Bringing somebody forward; her answer; what a unit's contact sees and says."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from calls import conditions, documents, nominating_rules, operations
from calls.models import Application, Call, Nomination, NominationSource
from calls.nominating_forms import NominateForm, OpinionForm
from calls.nominating_rules import FOR_UNIT
from calls.operations.applying import words_of
from kernel.access import needs, signed_in
from kernel.errors import DomainError
from kernel.keyset import Keyset
from privacy import history
from talents.operations import own_record

NEWEST = Keyset(("-id",))
PAGE = 20


def _unit(request):
    """Return the unit somebody speaks for. Raises PermissionDenied where she has none."""
    if request.user.unit_id is None:
        raise PermissionDenied
    return request.user.unit


# --- bringing forward ------------------------------------------------------------------------------
def _nominate(request, call, unit, back):
    """Show the form and take it; what is answered never depends on whether there is such a person."""
    now = timezone.now()
    source = NominationSource.UNIT if unit else NominationSource.THIRD_PARTY
    why_not = nominating_rules.why_not_nominate_here(call, source, now)
    form = NominateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.nominate(call=call, unit=unit, by=request.user, now=now, **form.cleaned_data)
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(
                request,
                _("已记下。她在门户登记了这个姓名和手机号的，已收到通知；参不参加由她本人决定。"),
            )
            return redirect(back)
    context = {"call": call, "unit": unit, "form": form, "why_not": why_not, "back": back}
    status = 422 if form.errors else 200
    return render(request, "calls/nominate.html", context, status=status)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nominate(request, code):
    """Bring somebody forward in one's own name."""
    call = get_object_or_404(Call.objects.published(), code=code)
    return _nominate(request, call, None, call.get_absolute_url())


@needs(FOR_UNIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unit_nominate(request, code):
    """Bring one of the unit's people forward."""
    call = get_object_or_404(Call.objects.published(), code=code)
    return _nominate(request, call, _unit(request), unit_address(call))


def unit_address(call):
    """Return where a unit's contact sees a call."""
    return redirect("unit_call", call.code).url


# --- her answer ------------------------------------------------------------------------------------
@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nomination(request, code):
    """Show a woman who brings her forward and why; POST says yes or no."""
    talent, now = own_record(request.user), timezone.now()
    rows = Nomination.objects.select_related("call__department", "unit", "nominator")
    found = get_object_or_404(rows, code=code)
    if talent is None or not nominating_rules.is_about(found, talent):
        raise Http404
    if request.method == "POST":
        return _answered(request, found, talent, now)
    context = {
        "nomination": found,
        "call": found.call,
        "why_not": nominating_rules.why_not_agree(found, talent, now),
        "application": found.application,
    }
    return render(request, "calls/nomination.html", context)


def _answered(request, found, talent, now):
    about = {"nomination": found, "talent": talent, "by": request.user, "now": now}
    try:
        if "agree" in request.POST:
            application = operations.agree_to_nomination(**about)
            messages.success(request, _("已同意。请填写申报表，填好后由您本人提交。"))
            return redirect("application", application.code)
        operations.decline_nomination(**about)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已谢绝，不会告诉推荐人。截止以前改变主意，可以再同意。"))
    return redirect(found)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_back(request, code):
    """Ask whoever brought somebody forward whether to take it back; POST does."""
    rows = Nomination.objects.select_related("call", "unit", "nominator")
    found = get_object_or_404(rows, code=code)
    if nominating_rules.why_not_take_back(found, request.user):
        raise Http404
    back = unit_address(found.call) if found.unit_id else redirect("my_nominations").url
    if request.method == "POST":
        operations.take_nomination_back(nomination=found, by=request.user, now=timezone.now())
        messages.success(request, _("已收回。"))
        return redirect(back)
    context = {"nomination": found, "call": found.call, "back": back}
    return render(request, "calls/nomination_back.html", context)


@signed_in
@never_cache
@require_safe
def my_nominations(request):
    """Show who brings her forward, and whom she brought forward herself."""
    mine = Nomination.objects.by_person(request.user).standing().select_related("call")
    page = NEWEST.page(mine, request.GET.get("after", ""), PAGE)
    about_her = [one for one in nominating_rules.of_woman(own_record(request.user)) if one.stands]
    context = {"page": page, "about_her": about_her}
    return render(request, "calls/nominations.html", context)


# --- a unit's contact ------------------------------------------------------------------------------
@needs(FOR_UNIT)
@never_cache
@require_safe
def unit_calls(request):
    """Show a unit's contact the calls in which the unit has a part, and what waits for it."""
    unit = _unit(request)
    part = Q(sources__contains=[NominationSource.UNIT]) | Q(stages__kind="endorsement")
    waiting = Q(
        applications__talent__unit=unit,
        applications__state="submitted",
        applications__opinion=None,
        stages__kind="endorsement",
    )
    rows = Call.objects.published().filter(part).distinct().select_related("department")
    rows = rows.annotate(waiting=Count("applications", filter=waiting, distinct=True))
    page = NEWEST.page(rows, request.GET.get("after", ""), PAGE)
    return render(request, "calls/unit_calls.html", {"unit": unit, "page": page})


@needs(FOR_UNIT)
@never_cache
@require_safe
def unit_call(request, code):
    """Show what of a unit's people stands in a call: handed in, endorsed or not; whom the unit brought forward."""
    unit, now = _unit(request), timezone.now()
    rows = Call.objects.published().select_related("department").prefetch_related("stages")
    call = get_object_or_404(rows, code=code)
    applications = _of_unit(unit).filter(call=call)
    page = NEWEST.page(applications, request.GET.get("after", ""), PAGE)
    nominations = Nomination.objects.by_unit(unit.pk).standing().filter(call=call)
    context = {
        "unit": unit,
        "call": call,
        "conditions": conditions.sentences(call),
        "page": page if call.is_endorsed else None,
        "taken": conditions.opinions(call, unit.pk).count() if call.is_endorsed else 0,
        "nominations": nominations.order_by("-pk")[: nominating_rules.MOST_BY_UNIT],
        "why_not_nominate": nominating_rules.why_not_nominate_here(
            call, NominationSource.UNIT, now
        ),
    }
    return render(request, "calls/unit_call.html", context)


def _of_unit(unit):
    """Return what the unit's people handed in and have not taken back."""
    rows = Application.objects.filter(talent__unit=unit, number__isnull=False)
    rows = rows.exclude(state="withdrawn").select_related(
        "call__department", "talent__user", "talent__unit", "opinion"
    )
    return rows.filter(call__stages__kind="endorsement")


@needs(FOR_UNIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unit_application(request, code):
    """Show a unit's contact what one of its people handed in; POST says what the unit thinks of it."""
    mine, now = get_object_or_404(_of_unit(_unit(request)), code=code), timezone.now()
    if nominating_rules.why_not_speak(mine, request.user):
        raise Http404
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _spoken(request, mine, form, now):
        return redirect("unit_application", mine.code)
    answers = words_of(mine)
    why_not = nominating_rules.why_not_endorsing(mine, now)
    context = {
        "application": mine,
        "call": mine.call,
        "opinion": getattr(mine, "opinion", None),
        "subject_facts": documents.subject_facts(mine),
        "answers": [(line, answers.get(line.pk, "")) for line in mine.call.fields.all()],
        "form": form,
        "why_not": why_not,
        "why_not_endorse": why_not or nominating_rules.why_not_endorse(mine, now),
        "history": history.of(mine, reader=request.user),
    }
    status = 422 if form.errors else 200
    return render(request, "calls/unit_application.html", context, status=status)


def _spoken(request, mine, form, now):
    """Carry out the button that was pressed; tell whether it was."""
    about = {"application": mine, "by": request.user, "now": now}
    try:
        if "endorse" in request.POST:
            operations.endorse_application(**about)
            messages.success(request, _("已推荐，已通知本人。"))
        elif "undo" in request.POST:
            operations.undo_opinion(**about)
            messages.success(request, _("已撤销，名额空出，已通知本人。"))
        else:
            operations.decline_application(reason=form.cleaned_data["reason"], **about)
            messages.success(request, _("已记为不推荐，已把原因告诉本人。"))
    except DomainError as error:
        error.add_to(form)
        return False
    return True
