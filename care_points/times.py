"""Her pages of times: which are free, one chosen, another instead, and the calendar file; a provider's own list."""

import hashlib
from datetime import timedelta
from functools import partial
from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from icalendar import Event as Entry

from care_points import operations, slots
from care_points.forms import DayForm, SlotForm, slot_fields
from care_points.models import Appointment, Provider, Redemption, Service
from care_points.models.stations import terms_text, with_services
from kernel import calendars, days
from kernel.access import signed_in
from kernel.errors import DomainError
from kernel.words import day_text, moment_text, span_text, weekday_text


def own_voucher(request, pk):
    """Return a voucher of the reader's own, else 404."""
    own = Redemption.objects.of(request.user).select_related(
        "station__place", "talent", "appointment__provider"
    )
    return get_object_or_404(own.prefetch_related("station__place__other_hours"), pk=pk)


@signed_in
@never_cache
@require_safe
def service_times(request, pk):
    """Let her choose a day and a time (`?day=2026-11-28&provider=3`); each time leads to the page that asks to confirm."""
    service = Service.objects.offered().filter(pk=pk, delivery="appointment").first()
    if service is None or service.by_case:
        raise Http404
    here, onward = redirect("service_times", pk=pk).url, redirect("redeem", pk=pk).url
    context = choice(request, service, here, onward)
    return render(request, "care_points/times.html", context | {"back": service})


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def voucher_move(request, pk):
    """Let her choose another time, ask, then move her appointment; her points stay as they are."""
    voucher, now = own_voucher(request, pk), timezone.now()
    if not hasattr(voucher, "appointment"):
        raise Http404
    return choose(
        request,
        voucher,
        now,
        held=voucher.appointment,
        why_not=operations.why_not_move(voucher, request.user, now),
        take=partial(operations.move_appointment, redemption=voucher),
        done=_("预约已改期，积分没有变动。"),
    )


def choose(request, voucher, now, *, held, why_not, take, done, free_times=None, **shown):
    """Let her choose a time for a voucher, ask, then take it; all at the address that was asked for.

    Arguments:
        held: her Appointment or PrivateCase as it is, None where she has no time yet.
        why_not: why she cannot choose one, as a DomainError, else None.
        take: operation (slot=, by=, now=) that gives her the time; `done` is said afterwards.
        free_times: as for `choice`.
        shown: what both pages are told besides.
    """
    form = SlotForm(request.POST if request.method == "POST" else request.GET)
    slot, error = form.slot if form.is_valid() else None, why_not
    if not error and slot and request.method == "POST":
        try:
            take(slot=slot, by=request.user, now=now)
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, done)
            return redirect("voucher", pk=voucher.pk)
    if error:
        messages.error(request, str(error))
        return redirect("voucher", pk=voucher.pk)
    here, shown = request.path, shown | {"voucher": voucher}
    if slot is None:
        context = choice(request, voucher.service, here, here, held, free_times)
        return render(request, "care_points/times.html", context | shown)
    context = chosen(voucher.service, voucher.talent, slot, now, held) | shown
    context |= {"held": held, "form": SlotForm(initial=slot_fields(slot)), "here": here}
    return render(request, "care_points/chosen_time.html", context)


def choice(request, service, here, onward, besides=None, free_times=None):
    """Return what the page of times shows: with whom, which days have free times, the times of the chosen one.

    `free_times` (provider) replaces those of the service where not all of them can be chosen.
    """
    now, form = timezone.now(), DayForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    today, provider = timezone.localdate(now), asked.get("provider")
    last = today + slots.BOOK_AHEAD * days.DAY
    asked_for = {"provider": provider, "besides": besides, "without": request.user.pk}
    if free_times:
        free = free_times(provider)
    else:
        free = slots.free_times(service, today, last, now, **asked_for)
    free = slots.other_times(free, besides)
    day = asked.get("day") if asked.get("day") in free else next(iter(free), None)
    providers = Provider.objects.bookable(today).filter(services=service)
    return {
        "service": service,
        "providers": [
            {"name": one.name, "chosen": one.pk == provider, "address": _to(here, provider=one.pk)}
            for one in providers.order_by("name")
        ],
        "anybody": {"chosen": provider is None, "address": here},
        "days": [
            {
                "day": one,
                "weekday": weekday_text(one),
                "chosen": one == day,
                "count": len(times),
                "address": _to(here, day=one.isoformat(), provider=provider),
            }
            for one, times in free.items()
        ],
        "day": day and day_text(day),
        "times": [
            {
                "time": timezone.localtime(start).strftime("%H:%M"),
                "address": _to(onward, **slot_fields(slots.Slot(start, provider))),
            }
            for start in free.get(day, ())
        ],
        "closed": asked.get("day") if asked.get("day") and asked["day"] != day else None,
    }


def _to(address, **asked):
    asked = {name: value for name, value in asked.items() if value}
    return f"{address}?{urlencode(asked)}" if asked else address


def chosen(service, talent, slot, now, besides=None):
    """Return what the page that asks to confirm says of a time: when, with whom, what else she has then, the rule."""
    if slot is None:
        return {}
    start = slot.starts_at
    lengths = slots.lengths(service)
    with_whom = Provider.objects.filter(pk=slot.provider).first() if slot.provider else None
    hours, late = (
        (besides.cancel_hours, besides.late_refund)
        if besides
        else (service.cancel_hours, service.late_refund)
    )
    return {
        "why_not": slots.why_not_slot(service, slot, now, besides, talent.user_id),
        "when": span_text(start, start + lengths[0]),
        "with_whom": with_whom,
        "clashes": operations.clashes(talent, start, start + lengths[0], besides),
        "terms": _terms(hours, late, start - timedelta(hours=hours), now),
    }


def terms(appointment, now):
    """Return the sentence about cancelling that is true at the moment."""
    if appointment.late_refund or now <= appointment.free_until:
        hours, late = appointment.cancel_hours, appointment.late_refund
        return _terms(hours, late, appointment.free_until, now)
    return _("已过可以退回的期限：现在取消或没有来，积分不退。")


def _terms(hours, late_refund, free_until, now):
    """Return the rule for a time: until which moment nothing is lost, or that it is too near for that."""
    if late_refund:
        return terms_text(hours, late_refund)
    if now <= free_until:
        words = {"until": moment_text(free_until)}
        return _("%(until)s 以前可以改期或取消，积分全部退回；之后取消或没有来，积分不退。") % words
    sentence = _("离开始不到 %(hours)s 小时：确认以后，取消或没有来，积分不退。")
    return sentence % {"hours": hours}


@signed_in
@never_cache
@require_safe
def voucher_calendar(request, pk):
    """Offer her appointment as a calendar file, in words that say nothing of its kind: others look at calendars too."""
    voucher = own_voucher(request, pk)
    appointment = getattr(voucher, "appointment", None) or operations.case_of(voucher)
    if appointment is None:
        raise Http404
    now, address = timezone.now(), redirect("voucher", pk=pk).url
    uid = f"{_nameless(voucher)}@{calendars.host()}"
    entry = Entry.new(
        uid=uid,
        stamp=now,
        sequence=int(now.timestamp()) // 60,  # later files replace earlier ones
        start=timezone.localtime(appointment.starts_at),
        end=timezone.localtime(appointment.ends_at),
        summary=_("预约"),
        location=voucher.station.place.address,
        url=request.build_absolute_uri(address),
    )
    content = calendars.calendar([entry], uid=uid).to_ical()
    response = HttpResponse(content, content_type=calendars.TYPE)
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


def _nameless(voucher):
    """Return what her calendar knows a voucher's time by, whatever becomes of the portal's keys; it leads back to nothing.

    Drawn out of two codes nobody can guess together: her code and the number of a case are nobody else's business.
    """
    drawn = f"{voucher.pk}:{voucher.code}:{voucher.idempotency_key}"
    return hashlib.sha256(drawn.encode()).hexdigest()[:20]


@signed_in
@never_cache
@require_safe
def provider(request):
    """Show a provider her own appointments of today and later, by day; nobody's number, nobody's whole name."""
    providers = Provider.objects.filter(user=request.user)
    if not providers:
        raise PermissionDenied
    now = timezone.now()
    rows = Appointment.objects.held().filter(
        provider__in=providers, starts_at__gte=days.midnight(now)
    )
    rows = list(rows.select_related("redemption__talent", "redemption__station", "provider")[:200])
    with_services([one.redemption for one in rows])
    by_day = groupby(rows, key=lambda one: timezone.localdate(one.starts_at))
    cases = operations.cases.ahead(request.user, now).order_by("starts_at")[:200]
    of_day = groupby(cases, key=lambda one: timezone.localdate(one.starts_at))
    context = {
        "days": [(day_text(day), list(ones)) for day, ones in by_day],
        "case_days": [(day_text(day), list(ones)) for day, ones in of_day],
        "providers": providers,
    }
    return render(request, "care_points/provider.html", context)
