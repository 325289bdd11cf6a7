"""Event pages: list, one event, booking, her own bookings, calendar file."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import calendar_file, operations, qr
from events.forms import BookingForm, EventFilter
from events.models import Booking, Event
from events.standing import talent_of
from kernel.access import public, signed_in
from kernel.errors import DomainError
from kernel.public_pages import public_page

PAGE = 20


def _page(queryset):
    """Return (rows, last row or None): the last row only when there are more behind it."""
    rows = list(queryset[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1] if len(rows) > PAGE else None


@public_page
@require_safe
def events(request):
    """Show what is coming, next first; `?after=<code>` pages on."""
    now = timezone.now()
    narrowed = EventFilter(request.GET, now=now)
    rows = narrowed.apply(Event.objects.upcoming(now))
    rows, last = _page(rows.behind(request.GET.get("after", "")))
    context = {"events": rows, "filter": narrowed, "last": last}
    return render(request, "events/list.html", context)


@public_page
@require_safe
def past_events(request):
    """Show what was, the latest first; `?before=<code>` pages on."""
    rows, last = _page(Event.objects.past(timezone.now()).ahead_of(request.GET.get("before", "")))
    return render(request, "events/past.html", {"events": rows, "last": last})


@public_page
@require_safe
def event(request, code):
    """Show one event; its seats and what the reader can do about it are holes (events.holes)."""
    found = get_object_or_404(Event.objects.public().select_related("department"), code=code)
    is_on = not (found.is_cancelled or found.is_over(timezone.now()))
    return render(request, "events/event.html", {"event": found, "is_on": is_on})


@signed_in
@require_POST
def book(request, code):
    """Book the event for the signed-in talent, then show the event again with what came of it."""
    # Names the event, no more: the operation reads it whole, under its lock.
    found = get_object_or_404(Event.objects.public().only("code"), code=code)
    talent = talent_of(request.user)
    if talent is None:
        messages.warning(request, _("请先填写个人资料并提交审核，审核通过后就可以报名。"))
        return redirect(found)
    talent.user = request.user
    form = BookingForm(request.POST)
    try:
        booking = form.book(event=found, talent=talent, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(found)
    _say_booked(request, booking)
    return redirect(found)


def _say_booked(request, booking):
    if booking.is_confirmed:
        messages.success(request, _("报名成功，已为您保留名额。到场时请出示签到码。"))
    elif booking.is_waitlisted:
        sentence = _("名额已满，已为您保留第 %(rank)s 位候补，名额空出时会通知您。")
        messages.success(request, sentence % {"rank": booking.queue_rank()})
    else:
        messages.warning(request, _("这次报名之前已经取消；如需参加，请重新报名。"))


@signed_in
@never_cache
@require_safe
def my_bookings(request):
    """Show her bookings: the next one with its QR code, the others, and what is past."""
    now = timezone.now()
    own = Booking.objects.filter(talent__user=request.user.pk).select_related("event")
    coming = list(
        own.active()
        .exclude(event__state="draft")
        .filter(event__ends_at__gt=now)
        .with_queue_rank()
        .order_by("event__starts_at", "pk")
    )
    past, last = _page(own.not_coming(now).behind(request.GET.get("before", "")))
    first = next((b for b in coming if b.is_confirmed and not b.event.is_cancelled), None)
    context = {
        "first": first,
        "first_qr": qr.svg(first) if first else "",
        "coming": [b for b in coming if b is not first],
        "past": past,
        "last": last,
        "now": now,
    }
    return render(request, "events/mine.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, code):
    """Ask before a booking is cancelled, then cancel it."""
    own = Booking.objects.filter(talent__user=request.user.pk).select_related("event")
    booking = get_object_or_404(own, code=code)
    if request.method != "POST":
        return render(request, "events/cancel.html", {"booking": booking})
    try:
        operations.cancel_booking(booking=booking, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已取消报名。改变主意的话，可以在活动页面重新报名。"))
    return redirect("my_bookings")


@public
@require_safe
def calendar(request, code):
    """Offer an event as a calendar file."""
    found = get_object_or_404(Event.objects.public(), code=code)
    content = calendar_file.content(found, request.build_absolute_uri(found.get_absolute_url()))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="event-{found.code}.ics"'
    return response
