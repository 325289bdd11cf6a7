"""Pages for whoever stands at the door: scan, type or tap a name; the sign-in sheet."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import operations, qr, rules
from events.forms import DoorForm
from events.models import Booking, Event
from kernel import ids
from kernel.access import needs, signed_in
from kernel.errors import DomainError

LATEST = 8


@dataclass(frozen=True)
class Answer:
    """What the door page says after a scan: an arrival, or the reason why not."""

    arrival: operations.Arrival | None = None
    error: DomainError | None = None


def _at(request, code):
    """Return the event, if the reader may stand at its door; 404 otherwise."""
    events = Event.objects.with_door_for(request.user).select_related("department")
    return get_object_or_404(events, code=code)


def _page(request, event, form, answer=None):
    """Render the door page: counts, forms, who is still expected, the latest arrivals."""
    bookings = event.bookings.seated().select_related("talent__unit").order_by("place")
    arrivals = sorted(
        (b for b in bookings if b.checked_in_at), key=lambda b: (b.checked_in_at, b.pk)
    )
    context = {
        "event": event,
        "form": form,
        "answer": answer,
        "arrived": len(arrivals),
        "expected": len(bookings),
        "latest": arrivals[: -LATEST - 1 : -1],
        "missing": [b for b in bookings if not b.checked_in_at],
        "may_undo": rules.why_not_undo_check_in(event, timezone.now()) is None,
    }
    return render(request, "events/door.html", context)


@needs("events.check_in_booking")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def door(request, code):
    """Check people in at one event. A camera's live frame without a code is answered by 204."""
    event = _at(request, code)
    if request.method != "POST":
        return _page(request, event, DoorForm())
    form = DoorForm(request.POST, request.FILES)
    try:
        booking = form.find(by=request.user)
        answer = Answer(
            operations.check_in(booking=booking, event=event, by=request.user, now=timezone.now())
        )
    except DomainError as error:
        if error.code == "photo_without_code" and request.POST.get("live"):
            return HttpResponse(status=204)
        answer = Answer(error=error)
    if request.htmx:
        return render(request, "events/door_answer.html", {"answer": answer, "event": event})
    return _page(request, event, DoorForm() if answer.arrival else form, answer)


@needs("events.check_in_booking")
@require_POST
def undo(request, code):
    """Take a mistaken check-in back."""
    event = _at(request, code)
    bookings = Booking.objects.managed_by(request.user).filter(event=event)
    booking = get_object_or_404(bookings, code=ids.tidy(request.POST.get("code", "")))
    try:
        operations.undo_check_in(booking=booking, by=request.user, now=timezone.now())
    except DomainError as error:
        return _page(request, event, DoorForm(), Answer(error=error))
    return redirect("door", code=event.code)


@needs("events.check_in_booking")
@never_cache
@require_safe
def sheet(request, code):
    """Show the sign-in sheet, laid out for paper."""
    event = _at(request, code)
    bookings = event.bookings.seated().select_related("talent__unit").order_by("place")
    return render(request, "events/sheet.html", {"event": event, "bookings": bookings})


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scanned(request, code):
    """Answer a QR code opened by any scanner: staff may check in, she sees her own booking."""
    booking = get_object_or_404(
        Booking.objects.visible_to(request.user).select_related(
            "event__department", "talent__unit"
        ),
        code=code,
    )
    if not booking.event.has_door_for(request.user):
        return _ticket(request, booking)
    answer = None
    if request.method == "POST":
        try:
            arrival = operations.check_in(booking=booking, by=request.user, now=timezone.now())
            answer = Answer(arrival)
        except DomainError as error:
            answer = Answer(error=error)
    context = {
        "booking": booking,
        "answer": answer,
        "why_not": rules.why_not_check_in(booking, booking.event, request.user, timezone.now()),
    }
    return render(request, "events/scanned.html", context)


def _ticket(request, booking):
    """Show her own ticket; who reads bookings for her work (an auditor) has no business with a code."""
    if booking.talent.user_id != request.user.pk:
        raise Http404
    context = {
        "booking": booking,
        "qr": qr.svg(booking),
        "may_cancel": rules.why_not_cancel(booking, timezone.now()) is None,
    }
    return render(request, "events/ticket.html", context)
