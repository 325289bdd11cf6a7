"""Pages for whoever stands at the door: scan, type or tap a name; the sign-in sheet."""

from dataclasses import dataclass
from datetime import UTC

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import materials, minutes, operations, qr, rules
from events.door import lists
from events.forms import DoorForm
from events.models import Booking, Event, Way
from kernel import ids
from kernel.access import needs, signed_in
from kernel.errors import DomainError
from kernel.qr import read as read_code

# She has no seat, but one may be free: what rules.why_not_check_in answers then.
WITHOUT_SEAT = ("booking_waitlisted", "booking_cancelled", "seat_given")


@dataclass(frozen=True)
class Departure:
    """What the door is told of somebody who leaves: whose booking, whether she had left before, how long she was inside."""

    booking: Booking
    again: bool
    minutes: int


@dataclass(frozen=True)
class Answer:
    """What the door page says after a scan: an arrival, a departure, that she waits here, or the reason why not.

    `about` is the booking an error is about, where there is one.
    """

    arrival: operations.Arrival | None = None
    departure: Departure | None = None
    error: DomainError | None = None
    waits: Booking | None = None
    about: Booking | None = None

    @property
    def may_come_in(self):
        """Return the booking of one who has no seat and stands here, or None."""
        asked = self.error and self.error.code in WITHOUT_SEAT
        return self.about if asked else None


def at_door(request, code):
    """Return the event, if the reader may stand at its door; 404 otherwise."""
    events = Event.objects.with_door_for(request.user).select_related("department")
    return get_object_or_404(events, code=code)


def way_of(given):
    """Return the Way a page is for; who comes in is what a door is for."""
    return Way.OUT if given.get("way") == Way.OUT else Way.IN


def sent_moment(text):
    """Return the moment a button that undoes something names, None for what is no moment."""
    try:
        moment = parse_datetime(text)
        return moment and moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def door_page(request, event, answer, way=Way.IN):
    """Render the door page with an Answer to what was just done there."""
    return _page(request, event, DoorForm(), answer, way)


def _page(request, event, form, answer=None, way=Way.IN):
    """Render the door page: counts, forms, who is still expected, the latest arrivals."""
    return render(
        request, "events/door.html", _context(event, way) | {"form": form, "answer": answer}
    )


def _context(event, way):
    now = timezone.now()
    return {
        "event": event,
        "way": way,
        "here": lists.address(event, way),
        "counts": lists.counts(event, now),
        "may_undo": rules.why_not_undo_check_in(event, now) is None,
        "needs_check_out": minutes.needs_check_out(event),
        **lists.context(event, way, now),
        **lists.on_site(event, now),
    }


@needs("events.check_in_booking")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def door(request, code):
    """Let people in and out at one event (`way`): a code typed or tapped, or a photo of it."""
    event = at_door(request, code)
    if request.method != "POST":
        return _page(request, event, DoorForm(), way=way_of(request.GET))
    form, way = DoorForm(request.POST, request.FILES), way_of(request.POST)
    answer = answered(event, form.find, way, by=request.user, now=timezone.now())
    return _page(request, event, form if answer.error else DoorForm(), answer, way)


def answered(event, find, way, *, by, now, **scan):
    """Let in or out, as the page says, whose booking `find(by=)` returns; return the Answer, a refusal included."""
    booking = None
    try:
        booking = find(by=by)
        return _done(way, {"booking": booking, "event": event, "by": by, "now": now, **scan})
    except DomainError as error:
        return Answer(error=error, about=booking)


def _done(way, step):
    if way == Way.IN:
        return Answer(arrival=operations.check_in(**step))
    left, booking = operations.check_out(**step), step["booking"]
    return Answer(departure=Departure(booking, not left, minutes.minutes_inside(booking)))


@needs("events.check_in_booking")
@never_cache
@require_POST
def picture(request, code):
    """Answer {"text": what the QR code in a camera's picture (field `photo`) says, "" for none}; nothing is kept.

    For browsers that read no QR codes themselves. What the text opens is asked when it is sent as a scan. 422 with a
    sentence for what is no picture, 503 while too many others are read.
    """
    at_door(request, code)
    photo = request.FILES.get("photo")
    try:
        return JsonResponse({"text": read_code(photo) if photo else ""})
    except DomainError as error:
        status = 503 if error.code == "photo_busy" else 422
        return JsonResponse({"detail": str(error)}, status=status)


@needs("events.check_in_booking")
@never_cache
@require_safe
def parts(request, code):
    """Show the numbers, and with `?lists` what is below them, as they stand now: the page asks for them by itself."""
    event = at_door(request, code)
    if "lists" in request.GET:
        return render(request, "events/door_lists.html", _context(event, way_of(request.GET)))
    counts = lists.counts(event, timezone.now())
    return render(request, "events/door_counts.html", {"counts": counts})


@needs("events.check_in_booking")
@require_POST
def undo(request, code):
    """Take the latest step of one person back: her check-out, her coming back, or her check-in."""
    event = at_door(request, code)
    bookings = Booking.objects.managed_by(request.user).filter(event=event)
    booking = get_object_or_404(bookings, code=ids.tidy(request.POST.get("code", "")))
    way = way_of(request.POST)
    try:
        operations.undo_latest(booking=booking, by=request.user, now=timezone.now())
    except DomainError as error:
        return _page(request, event, DoorForm(), Answer(error=error), way)
    return redirect(lists.address(event, way))


@needs("events.check_in_booking")
@require_POST
def all_out(request, code):
    """Check everybody out who is inside, as a training ends; or take that back (`undo`: its moment)."""
    event, now = at_door(request, code), timezone.now()
    step = {"event": event, "by": request.user, "now": now}
    try:
        if "undo" in request.POST:
            _take_all_back(request, step)
        else:
            _let_all_out(request, step)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(lists.address(event, Way.OUT))


def _let_all_out(request, step):
    left = operations.check_out_all(**step)
    sentence = (
        ngettext("已为 %(n)s 人签退。", "已为 %(n)s 人签退。", left)
        if left
        else _("现在没有人在场。")
    )
    messages.success(request, sentence % {"n": left} if left else sentence)


def _take_all_back(request, step):
    moment = sent_moment(request.POST["undo"])
    back = operations.undo_check_out_all(**step, noted_at=moment) if moment else 0
    if not back:
        messages.info(request, _("没有可以撤销的签退，可能已经撤销过了。"))
        return
    sentence = ngettext("已撤销 %(n)s 人的签退。", "已撤销 %(n)s 人的签退。", back)
    messages.success(request, sentence % {"n": back})


@needs("events.check_in_booking")
@never_cache
@require_safe
def sheet(request, code):
    """Show the sign-in sheet, laid out for paper."""
    event = at_door(request, code)
    bookings = event.bookings.seated().select_related("talent__unit").order_by("place")
    context = {
        "event": event,
        "bookings": bookings,
        "needs_check_out": minutes.needs_check_out(event),
    }
    return render(request, "events/sheet.html", context)


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
        "materials": materials.for_reader(booking.event, request.user, timezone.now()),
    }
    return render(request, "events/ticket.html", context)
