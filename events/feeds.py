"""Calendars to subscribe to: the whole programme, and her own bookings at a secret address."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events import calendar_file, operations
from events.models import Booking, CalendarLink, Event, Series
from kernel.access import public, signed_in
from kernel.public_pages import public_page

MOST = 500
KEPT = timedelta(days=90)  # what was is of use in a calendar for a while


def _answer(content):
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _address(event):
    return f"{settings.SITE_URL}{event.get_absolute_url()}"


@public_page
@require_safe
def programme(request):
    """Show all public events to come as a calendar, cancelled ones marked as such."""
    events = Event.objects.public().filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")
    return _answer(calendar_file.programme(events[:MOST], _address))


@public_page
@require_safe
def of_series(request, code):
    """Show the public events of a series as a calendar, those of the last ninety days too."""
    series = get_object_or_404(Series.objects.public(), code=code)
    events = Event.objects.public().filter(series=series, ends_at__gt=timezone.now() - KEPT)
    events = events.order_by("starts_at", "pk")[:MOST]
    return _answer(calendar_file.of_series(series, events, _address))


@public
@never_cache
@require_safe
def hers(request, code, secret):
    """Show a woman's bookings as a calendar, to whoever has her address; 404 for any other."""
    link = CalendarLink.found(code, secret)
    if link is None:
        raise Http404
    since = timezone.now() - KEPT
    # What was called off stands in it as cancelled: an entry that is just gone would be taken for a fault.
    bookings = Booking.objects.not_given_up().filter(
        talent__user=link.user, event__ends_at__gt=since
    )
    bookings = bookings.select_related("event").order_by("event__starts_at", "pk")[:MOST]
    return _answer(calendar_file.of_hers(bookings, _address))


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request):
    """Show her calendar's address; make one, a new one, or take it away."""
    if request.method == "POST":
        drop = request.POST.get("do") == "drop"
        step = operations.drop_calendar_link if drop else operations.make_calendar_link
        step(user=request.user, by=request.user, now=timezone.now())
        said = _("已停用，原来的地址不能再读取。") if drop else _("订阅地址已生成。")
        messages.success(request, said)
        return redirect("my_calendar")
    link = CalendarLink.objects.select_related("user").filter(user=request.user).first()
    context = {"link": link, "address": _feed_address(link) if link else ""}
    return render(request, "events/my_calendar.html", context)


def _feed_address(link):
    return f"{settings.SITE_URL}{reverse('her_calendar', args=[link.user.code, link.secret])}"
