"""Her pages: joining in three steps that keep what she ticks, her part in the team, a break, the way out."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel.access import signed_in
from kernel.admin.actions import attempt
from kernel.errors import DomainError
from outreach.volunteers import operations, rules
from outreach.volunteers.forms import PauseForm, WhatForm, WhenForm
from outreach.volunteers.models import Volunteer
from talents.operations import own_record

PAGE = "outreach/volunteers/"
HERS = "my_volunteering"
STEPS = ("volunteer_what", "volunteer_when", "volunteer_send")


def _volunteer(user):
    """Return the user's own row, or None."""
    return Volunteer.objects.select_related("talent__user").filter(talent__user=user).first()


def _hers(request):
    """Return her row; 404 for who has none."""
    if (found := _volunteer(request.user)) is None:
        raise Http404
    return found


def _steps():
    """Return the three steps as the bar shows them."""
    titles = (_("内容和学段"), _("时间和片区"), _("核对并报名"))
    return [{"title": t, "href": reverse(s)} for t, s in zip(titles, STEPS, strict=True)]


@signed_in
@never_cache
@require_safe
def mine(request):
    """Show where she stands in the team, whether she may go, and what she has chosen."""
    volunteer, today = _volunteer(request.user), timezone.localdate()
    context = {
        "volunteer": volunteer,
        "refusal": rules.why_not_hers(own_record(request.user), request.user),
        "stays": volunteer and volunteer.is_active and rules.why_not_go(volunteer, today),
        "paused": volunteer and volunteer.is_paused(today),
        "leaves": volunteer and rules.why_not_leave(volunteer) is None,
        "form": PauseForm(),
    }
    return render(request, PAGE + "mine.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def what(request):
    """First step: what she brings, and to whom."""
    return _step(request, WhatForm, 1)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def when(request):
    """Second step: when she comes, where, how often."""
    return _step(request, WhenForm, 2)


def _step(request, form_class, number):
    """Show a step and keep what she ticks: at each change while the page is open, and when she goes on."""
    volunteer, talent = _volunteer(request.user), own_record(request.user)
    if error := rules.why_not_hers(talent, request.user):
        messages.info(request, str(error))
        return redirect(HERS)
    start = volunteer or Volunteer()
    initial = {name: getattr(start, name) for name in form_class.base_fields}
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    kept = form.is_valid() and _kept(request, form, talent)
    if request.htmx:
        return render(request, PAGE + "kept.html", {"kept": kept, "form": form})
    if kept:
        return redirect(_after(volunteer, number))
    context = {"form": form, "steps": _steps(), "step": number, "volunteer": volunteer}
    return render(request, PAGE + "step.html", context, status=422 if form.errors else 200)


def _kept(request, form, talent):
    try:
        operations.save_choices(
            talent=talent, values=form.cleaned_data, by=request.user, now=timezone.now()
        )
    except DomainError as error:
        error.add_to(form)
        return False
    return True


def _after(volunteer, number):
    """Return where she goes on: to the next step, or back to her page where she only changes something."""
    if volunteer and rules.why_not_leave(volunteer) is None:
        return HERS
    return STEPS[number]


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send(request):
    """Third step: show what she has chosen, take her application."""
    volunteer, talent = _hers(request), own_record(request.user)
    if request.method == "POST":
        done = _("已报名，确认后通知您。")
        sent = attempt(request, operations.apply_volunteer, done, talent=talent)
        return redirect(HERS if sent else STEPS[0])
    context = {"volunteer": volunteer, "steps": _steps(), "refusal": rules.why_not_apply(volunteer)}
    return render(request, PAGE + "send.html", context)


@signed_in
@require_POST
def pause(request):
    """Take a break, until a date or until she says so."""
    volunteer, form = _hers(request), PauseForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["until"][0]))
        return redirect(HERS)
    done = _("已暂停，这段时间不会安排您上门。")
    attempt(
        request,
        operations.pause_volunteering,
        done,
        volunteer=volunteer,
        until=form.cleaned_data["until"],
    )
    return redirect(HERS)


@signed_in
@require_POST
def resume(request):
    """End her break."""
    attempt(
        request, operations.resume_volunteering, _("已恢复，欢迎回来。"), volunteer=_hers(request)
    )
    return redirect(HERS)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request):
    """Ask her whether she leaves the team; POST does."""
    volunteer = _hers(request)
    if request.method == "POST":
        done = _("已退出。想回来时可以再报名。")
        attempt(request, operations.leave_team, done, volunteer=volunteer)
        return redirect(HERS)
    return render(request, PAGE + "leave.html", {"volunteer": volunteer})
