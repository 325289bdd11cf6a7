"""Which times are free: a provider's hours while the station is open, less leave and what is taken.

Times begin with each stretch of work and follow each other by the service's minutes and its buffer, whoever has
booked what: 9:00, 10:00, 11:00.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from care_points.models import Appointment, Leave, PrivateCase, Provider
from kernel import days
from kernel.errors import Conflict, Invalid
from places import opening

BOOK_AHEAD = 30  # days
TAKING = (Appointment, PrivateCase)  # what takes up a provider's time


@dataclass(frozen=True)
class Slot:
    """The time she asks for; `provider` None: with whoever is free."""

    starts_at: datetime
    provider: int | None = None


def free_starts(working, off, busy, length, gap):
    """Return when something of `length` can begin: all of it in one stretch of `working`, none of it in `off`,
    and with the `gap` behind it free of `busy`, whose own gaps are part of it. All are lists of (from, to).
    """
    starts = []
    for begin, end in working:
        start = begin
        while start + length <= end:
            until = start + length
            free = all(until <= a or b <= start for a, b in off)
            if free and all(until + gap <= a or b <= start for a, b in busy):
                starts.append(start)
            start = until + gap
    return starts


def both(first, second):
    """Return the stretches in which two lists of (from, to) overlap."""
    pairs = ((max(a, c), min(b, d)) for a, b in first for c, d in second)
    return sorted((start, end) for start, end in pairs if start < end)


def free_times(service, first, last, at, *, provider=None, besides=None, taken=True, without=None):
    """Return {date: {start: [Providers free then]}} of a service, dates without a free time left out.

    `provider` (pk) asks for one alone, `besides` leaves an Appointment or PrivateCase out that is to be moved; `taken=False` asks as
    if nobody had booked; `without` (pk) is the user who asks: nobody is booked with herself. Queries: five, however
    many days and providers.
    """
    today = timezone.localdate(at)
    first, last = max(first, today), min(last, today + BOOK_AHEAD * days.DAY)
    if service.offered_from:  # a campaign's times lie in its period
        first, last = max(first, service.offered_from), min(last, service.offered_until)
    place = service.station.place
    if first > last or not (service.active and service.station.active and place.active):
        return {}
    providers = Provider.objects.bookable(first).filter(services=service).order_by("pk")
    providers = providers.exclude(user=without) if without else providers
    if service.by_case:  # without an account nobody could open the case
        providers = providers.filter(user__isnull=False)
    providers = list(providers.filter(pk=provider) if provider else providers)
    open_at = opening.hours_between(place, first, last)
    off, busy = _taken(providers, first, last, besides)
    found = {}
    for day, hours in open_at.items():
        times = defaultdict(list)
        for one in providers:
            if one.vetted_until < day:
                continue
            work = [
                (opening.at(day, start), opening.at(day, end))
                for start, end in one.weekly[day.weekday()]
            ]
            for start in free_starts(
                both(work, hours.moments),
                off[one.pk],
                busy[one.pk] if taken else [],
                *lengths(service),
            ):
                if start > at:
                    times[start].append(one)
        if times:
            found[day] = dict(sorted(times.items()))
    return found


def other_times(free, held):
    """Return free times (`free_times`) without the one she holds already (an Appointment or PrivateCase, or None)."""
    if held is None:
        return free
    found = {}
    for day, times in free.items():
        left = {
            start: [p for p in ones if (start, p.pk) != (held.starts_at, held.provider_id)]
            for start, ones in times.items()
        }
        if left := {start: ones for start, ones in left.items() if ones}:
            found[day] = left
    return found


def lengths(service):
    """Return how long one time of a service lasts, and how long the pause behind it."""
    return timedelta(minutes=service.minutes), timedelta(minutes=service.buffer_minutes)


def _taken(providers, first, last, besides):
    """Return ({provider: leaves}, {provider: times taken}) as lists of (from, to)."""
    start, end = days.begin(first), days.begin(last) + days.DAY
    off, busy = defaultdict(list), defaultdict(list)
    leaves = Leave.objects.filter(provider__in=providers, starts_at__lt=end, ends_at__gt=start)
    for pk, *stretch in leaves.values_list("provider", "starts_at", "ends_at"):
        off[pk].append(tuple(stretch))
    for model in TAKING:
        held = model.objects.held().filter(
            provider__in=providers, starts_at__lt=end, busy_until__gt=start
        )
        if isinstance(besides, model):
            held = held.exclude(pk=besides.pk)
        for pk, *stretch in held.values_list("provider", "starts_at", "busy_until"):
            busy[pk].append(tuple(stretch))
    return off, busy


def free_at(service, slot, at, besides=None, without=None):
    """Return the Providers who are free at a Slot."""
    day = timezone.localdate(slot.starts_at)
    asked = {"provider": slot.provider, "besides": besides, "without": without}
    found = free_times(service, day, day, at, **asked)
    return found.get(day, {}).get(slot.starts_at, [])


def why_not_slot(service, slot, at, besides=None, without=None):
    """Return why the time cannot be had, as a DomainError, else None."""
    if slot.starts_at <= at:
        return Invalid("slot_past", _("这个时间已经过去，请选后面的时间。"), field="at")
    if timezone.localdate(slot.starts_at) > timezone.localdate(at) + BOOK_AHEAD * days.DAY:
        sentence = _("只能预约 %(days)s 天以内的时间。")
        return Invalid("slot_too_far", sentence % {"days": BOOK_AHEAD}, field="at")
    if free_at(service, slot, at, besides, without):
        return None
    day = timezone.localdate(slot.starts_at)
    asked = {"provider": slot.provider, "besides": besides, "without": without}
    times = free_times(service, day, day, at, taken=False, **asked)
    if slot.starts_at in times.get(day, {}):
        sentence = _("这个时间刚刚被约走了，积分没有变动，请选别的时间。")
        return Conflict("slot_taken", sentence, field="at")
    if not opening.is_open(service.station.place, slot.starts_at):
        return Invalid("slot_closed", _("加油站这个时间不开放，请选别的时间。"), field="at")
    return Invalid("slot_unavailable", _("这个时间不能预约，请从列出的时间里选。"), field="at")


def fairest(providers, starts_at):
    """Return of those who are free the one with the fewest appointments in the month of the time."""
    month = days.month_bounds(days.month_of(starts_at))
    taken = []
    for model in TAKING:
        held = model.objects.held().filter(
            provider__in=providers, **days.within("starts_at", *month)
        )
        taken += held.values_list("provider", flat=True)
    return min(providers, key=lambda one: (taken.count(one.pk), one.pk))
