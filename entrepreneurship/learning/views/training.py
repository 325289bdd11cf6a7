"""Programmes, her part in them, her certificates and the page that checks one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import certificate_pages
from entrepreneurship.learning import certificate_words, operations, rules
from entrepreneurship.learning.models import Enrolment, Programme, TrainingCertificate
from entrepreneurship.learning.progress import inside_of, plan, progress
from events.minutes import whole_minutes
from events.models import Booking
from kernel.access import public, signed_in
from kernel.downloads import download
from kernel.errors import DomainError
from kernel.keyset import Keyset
from talents.operations import own_record

NEWEST = Keyset(("-id",))
PAGE = 20


@public
@never_cache
@require_safe
def programmes(request):
    """List the programmes women can join or could, those that run first."""
    rows = Programme.objects.shown().select_related("series__department")
    hers = set()
    if request.user.is_authenticated:
        mine = Enrolment.objects.standing().filter(talent__user=request.user)
        hers = set(mine.values_list("programme", flat=True))
    page = NEWEST.page(rows.filter(state="closed"), request.GET.get("after", ""), PAGE)
    context = {"running": rows.open().order_by("-pk")[:50], "page": page, "hers": hers}
    return render(request, "entrepreneurship/learning/programmes.html", context)


@public
@never_cache
@require_safe
def programme(request, code):
    """Show one programme: what it asks for, its modules and events, and how she joins."""
    found = _shown(code)
    talent = own_record(request.user) if request.user.is_authenticated else None
    hers = _enrolment(found, talent)
    planned = plan(found)
    context = {
        "programme": found,
        "plan": planned,
        "minutes": planned.planned(),
        "modules": [(m, planned.planned(planned.of_module(m))) for m in planned.modules],
        "coming": [e for e in planned.events if e.is_published and not e.is_over(timezone.now())],
        "hers": hers,
        "refusal": None if hers else rules.why_not_enrol(found, talent),
    }
    return render(request, "entrepreneurship/learning/programme.html", context)


def _shown(code):
    rows = Programme.objects.shown().select_related("series__department", "call")
    return get_object_or_404(rows, code=code)


def _enrolment(programme, talent):
    """Return her standing enrolment, None without one."""
    return talent and programme.enrolments.standing().filter(talent=talent).first()


@signed_in
@require_POST
def join(request, code):
    """Let her take part."""
    found = _shown(code)
    talent = own_record(request.user)
    try:
        operations.enrol(programme=found, talent=talent, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("programme", code=code)
    messages.success(request, _("已加入。每课还要单独报名，签到和签退后计学时。"))
    return redirect("my_programme", code=code)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request, code):
    """Ask, then end her part."""
    hers = _mine(request, code)
    if request.method == "POST":
        try:
            operations.leave_programme(enrolment=hers, by=request.user, now=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("my_programme", code=code)
        messages.success(request, _("已退出培训。需要时可以重新加入，学过的仍然计入。"))
        return redirect("my_training")
    context = {"enrolment": hers, "refusal": rules.why_not_leave_programme(hers)}
    return render(request, "entrepreneurship/learning/leave.html", context)


def _mine(request, code):
    rows = Enrolment.objects.standing().of_woman(request.user)
    rows = rows.select_related("programme__series__department", "talent")
    return get_object_or_404(rows, programme__code=code)


@signed_in
@never_cache
@require_safe
def my_training(request):
    """Show the programmes she takes part in and her certificates."""
    hers = Enrolment.objects.of_woman(request.user).select_related("programme")
    context = {
        "enrolments": [row for row in hers[:100] if row.stands],
        "certificates": TrainingCertificate.objects.of_woman(request.user)[:100],
    }
    return render(request, "entrepreneurship/learning/mine.html", context)


@signed_in
@never_cache
@require_safe
def my_programme(request, code):
    """Show how far she is, of the whole and of each module, and what is still to come; prints on one sheet."""
    hers, now = _mine(request, code), timezone.now()
    found = plan(hers.programme)
    inside = inside_of(found, [hers.talent_id]).get(hers.talent_id, {})
    made = progress(found, inside, now)
    booked = Booking.objects.active().filter(talent=hers.talent_id, event__in=found.spans)
    states = dict(booked.values_list("event", "state"))
    lines = [
        {
            "event": event,
            "minutes": found.planned([event.pk]),
            "done": whole_minutes(inside.get(event.pk, ())),
            "state": states.get(event.pk),
            "over": event.settled_at is not None,
            "coming": event.is_published and not event.has_started(now),
            "decisive": event.pk in made.decisive,
        }
        for event in found.events
    ]
    context = {"enrolment": hers, "programme": hers.programme, "made": made, "lines": lines}
    return render(request, "entrepreneurship/learning/my_programme.html", context)


# --- certificates ------------------------------------------------------------------------------------
@signed_in
@never_cache
@require_safe
def certificate_file(request, code):
    """Send a certificate as PDF, in the language of the page or `lang`; 404 for who has no business with it."""
    rows = TrainingCertificate.objects.select_related("programme__series", "talent")
    found = get_object_or_404(rows, code=code)
    try:
        operations.fetch_training_certificate(
            certificate=found, by=request.user, now=timezone.now()
        )
    except DomainError as error:
        raise Http404 from error
    language = "en" if request.GET.get("lang", get_language()) == "en" else "zh-hans"
    name = f"{certificate_words.heading(found)}-{found.number}.pdf"
    return download(certificate_words.pdf(found, language), name)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificates(request):
    """Ask for the code that is printed on a certificate of training."""
    return certificate_pages.ask(request, "training_certificate")


@public
@never_cache
@require_safe
def certificate(request, code):
    """Show all that a certificate of training says, and whether it is valid; nothing else."""
    return certificate_pages.answer(
        request,
        TrainingCertificate.objects.all(),
        code,
        ask_page="training_certificates",
        heading=certificate_words.heading,
        facts=certificate_words.facts,
    )
