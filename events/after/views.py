"""What waits for her when an event is over: thanks, feedback, certificates; and the page that checks one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import certificate_pages
from events import materials, minutes, operations, rules
from events.after import certificates as shown
from events.after.forms import FeedbackForm
from events.models import Booking, Certificate
from kernel.access import public, signed_in
from kernel.downloads import download
from kernel.errors import DomainError

CHECK_PAGE = "events/after/certificate.html"


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
    return certificate_pages.ask(request, "certificate")


@public
@never_cache
@require_safe
def certificate(request, code):
    """Show all that a certificate says, and whether it is valid; nothing else."""
    return certificate_pages.answer(
        request,
        Certificate.objects.select_related("replaced_by"),
        code,
        ask_page="certificates",
        heading=shown.heading,
        facts=shown.facts,
        template=CHECK_PAGE,
    )
