"""What waits for her when an event is over: thanks, feedback, certificates; and the page that checks one."""

from allauth.core.internal import ratelimit  # the public one counts no GET
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from events import materials, minutes, operations, rules
from events.after import certificates as shown
from events.after.forms import CheckForm, FeedbackForm
from events.models import Booking, Certificate
from kernel import ids
from kernel.access import public, signed_in
from kernel.certificates import MISSED
from kernel.downloads import download
from kernel.errors import DomainError


def own_booking(request, code):
    """Return her own booking; 404 for another's."""
    own = Booking.objects.filter(talent__user=request.user.pk).select_related(
        "event__certificate_offer", "talent"
    )
    return get_object_or_404(own, code=code)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def after_event(request, code):
    """Thank her who came, hand her the certificate, and ask how it was."""
    booking = own_booking(request, code)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _answered(request, form, booking):
        return redirect("after_event", code=booking.code)
    why_not = rules.why_not_answer(booking, timezone.now())
    context = {
        "booking": booking,
        "event": booking.event,
        "came": booking.state == "attended" and not booking.event.is_cancelled,
        "form": form,
        "why_not": why_not,
        "given": why_not is not None and why_not.code == "feedback_given",
        "materials": materials.for_reader(booking.event, request.user, timezone.now()),
    }
    status = 422 if form.errors else 200
    return render(
        request, "events/after/after.html", context | _certificate_of(booking), status=status
    )


def _answered(request, form, booking):
    try:
        first = operations.give_feedback(
            booking=booking, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except DomainError as error:
        error.add_to(form)
        return False
    if first:
        messages.success(request, _("收到了，谢谢您。我们会认真看每一条。"))
    else:
        messages.info(request, _("您已经填写过反馈，以第一次的为准。"))
    return True


def _certificate_of(booking):
    """Return her certificate of what she booked, or why she has none; nothing where the event gives none."""
    hers = booking.event.certificates.filter(talent=booking.talent).order_by("-pk")
    offer = getattr(booking.event, "certificate_offer", None)
    if found := hers.first():
        return {"certificate": found}
    if offer is None:
        return {}
    percent = minutes.percent_inside(booking) if offer.least_percent else 0
    return {
        "offered": True,
        "why_no_certificate": rules.why_no_certificate(booking, offer, percent),
    }


# --- certificates ---------------------------------------------------------------------------------
@signed_in
@never_cache
@require_safe
def my_certificates(request):
    """Show all certificates that are hers, those that are not valid any more too."""
    hers = Certificate.objects.of_woman(request.user).select_related("event", "replaced_by")
    return render(request, "events/after/my_certificates.html", {"certificates": hers})


@signed_in
@never_cache
@require_safe
def certificate_file(request, code):
    """Send a certificate as PDF, in the language of the page; 404 for one she has no business with."""
    found = get_object_or_404(
        Certificate.objects.select_related("event", "talent__user"), code=code
    )
    try:
        operations.fetch_certificate(certificate=found, by=request.user, now=timezone.now())
    except DomainError as error:
        raise Http404 from error
    language = "en" if request.GET.get("lang", get_language()) == "en" else "zh-hans"
    return download(shown.pdf([found], language), f"{shown.heading(found)}-{found.number}.pdf")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificates(request):
    """Ask for the code that is printed on a certificate."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect("certificate", code=ids.tidy(form.cleaned_data["code"]) or "-")
    status = 422 if form.errors else 200
    return _check_page(request, {"form": form}, status)


@public
@never_cache
@require_safe
def certificate(request, code):
    """Show all that a certificate says, and whether it is valid; nothing else.

    Who asks for codes nobody was given is stopped, for an hour and for every code: else the one that is
    answered would tell that it was guessed.
    """
    if not _counted(request, dry_run=True):
        return _check_page(request, {"stopped": True}, 429)
    rows = Certificate.objects.select_related("replaced_by")
    found = rows.filter(code=ids.tidy(code)).first()
    if found is None:
        _counted(request)
        return _check_page(request, {"unknown": True, "form": CheckForm()}, 404)
    context = {
        "certificate": found,
        "heading": shown.heading(found),
        "facts": [(label, value) for label, value in shown.facts(found) if value],
    }
    return _check_page(request, context, 200)


def _counted(request, **how):
    """Count a code nobody was given; returns whether there is room for one."""
    return ratelimit.consume(request, app=limits.APP, action=MISSED, limit_get=True, **how)


def _check_page(request, context, status):
    answer = render(request, "events/after/certificate.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
