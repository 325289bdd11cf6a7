"""Coaching: who coaches, hours to book, one's own hours, proposals, and what the two of an hour write and say."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from entrepreneurship.learning import operations
from entrepreneurship.learning.forms import (
    AcceptForm,
    AimsForm,
    CancelHourForm,
    DeclineForm,
    HourForm,
    NextForm,
    OfferForm,
    SaysForm,
    TimesForm,
)
from entrepreneurship.learning.models import (
    Coach,
    CoachingHour,
    CoachingProposal,
    DeclineReason,
)
from entrepreneurship.learning.rules import coaching as rules
from events.models import Booking
from kernel.access import signed_in
from kernel.errors import DomainError
from talents.operations import own_record

PAGE = "entrepreneurship/learning/"
HOURS = "event"


@signed_in
@never_cache
@require_safe
def coaches(request):
    """List who coaches, with the hours to come: free, booked, or to wait for."""
    now = timezone.now()
    rows = list(Coach.objects.active().select_related("user").order_by("pk")[:200])
    hours = CoachingHour.objects.coming(now).select_related(HOURS).filter(coach__in=rows)
    by_coach = {}
    for hour in hours:
        by_coach.setdefault(hour.coach_id, []).append(hour)
    lines = [
        {
            "coach": one,
            "hours": len(by_coach.get(one.pk, ())),
            "free": sum(not hour.event.is_full for hour in by_coach.get(one.pk, ())),
        }
        for one in rows
    ]
    context = {"lines": lines, "is_coach": _coach_of(request.user) is not None}
    return render(request, PAGE + "coaches.html", context)


def _coach_of(user):
    return Coach.objects.select_related("user", "department").filter(user=user).first()


def _active(code):
    rows = Coach.objects.active().select_related("user", "department")
    return get_object_or_404(rows, code=code)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def coach(request, code):
    """Show a coach's hours to come; where none is free take three times she proposes."""
    found, now = _active(code), timezone.now()
    talent = own_record(request.user)
    refusal = rules.why_not_propose(found, talent, now)
    form = TimesForm(request.POST or None, coach=found)
    if form.is_valid() and _proposed(request, found, talent, form, now):
        return redirect("my_coaching")
    hours = list(CoachingHour.objects.coming(now).select_related(HOURS).filter(coach=found))
    context = {
        "coach": found,
        "hours": hours,
        "mine": _booked(talent, hours),
        "refusal": refusal,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, PAGE + "coach.html", context, status=status)


def _proposed(request, found, talent, form, now):
    """Propose what the form says; tells whether it was done, else the form says why not."""
    said = form.cleaned_data
    try:
        operations.propose_times(
            coach=found,
            talent=talent,
            topic=said["topic"],
            message=said["message"],
            times=form.times,
            by=request.user,
            now=now,
        )
    except DomainError as error:
        error.add_to(form)
        return False
    messages.success(request, _("已发给辅导人，五个工作日内答复；接受后席位直接是您的。"))
    return True


def _booked(talent, hours):
    """Return the numbers of the events among these hours that she has booked or waits for."""
    if talent is None:
        return set()
    rows = Booking.objects.active().filter(talent=talent, event__in=[h.event_id for h in hours])
    return set(rows.values_list("event", flat=True))


@signed_in
@never_cache
@require_safe
def my_coaching(request):
    """Show hours she has booked, what she proposed, and of who coaches the own hours and what waits for an answer."""
    now, found = timezone.now(), _coach_of(request.user)
    booked = CoachingHour.objects.filter(
        event__bookings__in=Booking.objects.seated().filter(talent__user=request.user)
    )
    context = {
        "coach": found,
        "booked": booked.select_related(HOURS, "coach__user").order_by("-event__starts_at")[:50],
        "proposals": CoachingProposal.objects.of_woman(request.user).select_related("coach__user")[
            :20
        ],
        "reasons": DeclineReason.choices,
    }
    if found:
        hours = found.hours.select_related(HOURS)
        context |= {
            "coming": hours.coming(now)[:50],
            "past": hours.filter(event__starts_at__lte=now, event__state="published").order_by(
                "-event__starts_at"
            )[:20],
            "asked": found.proposals.open().select_related("talent").order_by("answer_by")[:50],
            "form": HourForm(coach=found) if found.is_active else None,
        }
    return render(request, PAGE + "my_coaching.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request):
    """Let somebody agree to coach, and change what was agreed."""
    found = _coach_of(request.user)
    initial = OfferForm.of(found) if found else {"sex": "2"}
    form = OfferForm(request.POST or None, initial=initial)
    if form.is_valid():
        about = {"by": request.user, "now": timezone.now()}
        try:
            if found and found.is_active:
                operations.change_coaching(coach=found, changes=form.cleaned_data, **about)
                done = _("已保存。")
            else:
                fields = form.cleaned_data
                operations.offer_coaching(user=request.user, fields=fields, **about)
                done = _("已提交，部门确认后通知您，届时就可以发布时段。")
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, done)
            return redirect("my_coaching")
    context = {"form": form, "coach": found}
    return render(request, PAGE + "offer.html", context, status=422 if form.errors else 200)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request):
    """Say what is cancelled, then end one's own coaching."""
    found = get_object_or_404(Coach.objects.active(), user=request.user)
    if request.method != "POST":
        context = {
            "hours": CoachingHour.objects.coming(timezone.now()).filter(coach=found).count(),
            "asked": found.proposals.open().exists(),
        }
        return render(request, PAGE + "stop.html", context)
    _try(
        request,
        operations.end_coaching,
        _("已停止辅导，预约的人已收到通知。"),
        coach=found,
    )
    return redirect("my_coaching")


def _try(request, operation, done, **arguments):
    """Call an operation; says what came of it."""
    try:
        operation(**arguments, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request):
    """Take a new hour from a coach."""
    found = _coach_of(request.user)
    if found is None:
        return redirect("offer_coaching")
    form = HourForm(request.POST or None, coach=found)
    if form.is_valid():
        about = {"by": request.user, "now": timezone.now()}
        try:
            operations.publish_hour(coach=found, **form.cleaned_data, **about)
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已发布。有人预约会通知您。"))
            return redirect("my_coaching")
    context = {"form": form, "refusal": rules.why_not_publish(found, timezone.now())}
    return render(request, PAGE + "publish.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def answer(request, code):
    """Take one of three proposed times (`choice`), or say why not (`reason`)."""
    hers = CoachingProposal.objects.of_coach(request.user).select_related("coach__user", "talent")
    found = get_object_or_404(hers, code=code)
    if "choice" in request.POST:
        form = AcceptForm(request.POST)
        choice = form.cleaned_data["choice"] if form.is_valid() else None
        done = _("已接受，时段已发布，席位已为她留好。")
        _try(request, operations.accept_proposal, done, proposal=found, choice=choice)
    else:
        form = DeclineForm(request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        done = _("已婉拒，已告知她原因。")
        _try(request, operations.decline_proposal, done, proposal=found, reason=reason)
    return redirect("my_coaching")


@signed_in
@require_POST
def withdraw(request, code):
    """Take one's own proposal back."""
    hers = CoachingProposal.objects.of_woman(request.user).select_related("coach__user", "talent")
    found = get_object_or_404(hers, code=code)
    _try(request, operations.withdraw_proposal, _("已收回。"), proposal=found)
    return redirect("my_coaching")


# --- one hour, for the two -----------------------------------------------------------------------------
def _of_the_two(request, code):
    """Return (hour, its seat, "coach" or "her"); 404 for everybody else."""
    rows = CoachingHour.objects.select_related("coach__user", HOURS)
    hour = get_object_or_404(rows, event__code=code)
    seat = rules.seat_of(hour)
    part = rules.part_of(hour, seat, request.user)
    if not part:
        raise Http404
    return hour, seat, part


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hour(request, code):
    """Show an hour to the two: what they write, whether it took place; takes what either writes."""
    found, seat, part = _of_the_two(request, code)
    now = timezone.now()
    talk = seat and found.talks.filter(talent=seat.talent_id).first()
    forms = _forms(request, talk, part)
    if request.method == "POST" and all(form.is_valid() for form in forms.values()):
        values = {name: form.cleaned_data[name] for name, form in forms.items()}
        try:
            operations.write_talk(hour=found, by=request.user, now=now, **values)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已保存，只有你们两人能看到。"))
        return redirect("coaching_hour", code=code)
    context = {
        "hour": found,
        "seat": seat,
        "part": part,
        "talk": talk,
        "forms": forms,
        "cannot_write": rules.why_not_write(found, seat),
        "cannot_confirm": rules.why_not_confirm(found, seat, now),
        "to_come": not found.event.has_started(now) and not found.event.is_cancelled,
        "cancel": CancelHourForm(),
    }
    refused = any(form.errors for form in forms.values())
    return render(request, PAGE + "hour.html", context, status=422 if refused else 200)


def _forms(request, talk, part):
    """Return {field: form} of what this one of the two may write."""
    data = request.POST or None
    found = {"next_steps": NextForm(data, initial={"next_steps": talk and talk.next_steps})}
    if part == "her":
        found = {"aims": AimsForm(data, initial={"aims": talk and talk.aims})} | found
    return found


@signed_in
@require_POST
def confirm(request, code):
    """Say whether the hour took place."""
    found, _seat, _part = _of_the_two(request, code)
    form = SaysForm(request.POST)
    says = form.cleaned_data["says"] if form.is_valid() else ""
    _try(request, operations.confirm_hour, _("已记下，谢谢。"), hour=found, says=says)
    return redirect("coaching_hour", code=code)


@signed_in
@require_POST
def cancel(request, code):
    """Cancel an hour to come, with the reason those who booked are told."""
    found, _seat, part = _of_the_two(request, code)
    if part != "coach":
        raise Http404
    form = CancelHourForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    done = _("已取消，预约和候补的人已收到通知。")
    _try(request, operations.cancel_hour, done, hour=found, reason=reason)
    return redirect("my_coaching")
