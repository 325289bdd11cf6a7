"""Who came, who is inside, who is still expected: what the door's page lists and counts."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse

from events import minutes, rules
from events.models import Booking, BookingState, GivenSeat, Passage, Way
from kernel.days import begin

LATEST = 8


@dataclass(frozen=True)
class Counts:
    """The numbers at the door: came, are inside now, have a seat, wait on site."""

    came: int
    inside: int
    expected: int
    here: int


def with_way(event, now):
    """Return the bookings of an event with `way`: which way each went last today, None where she has not been here."""
    today = begin(minutes.day_of(now)) + minutes.DAY_BEGINS
    last = Passage.objects.standing().filter(booking=OuterRef("pk"), at__gte=today)
    bookings = Booking.objects.filter(event=event)
    return bookings.annotate(way=Subquery(last.order_by("-at", "-pk").values("way")[:1]))


def counts(event, now):
    """Return the Counts of an event; one query."""
    seated = Q(checked_in_at__isnull=False)
    found = with_way(event, now).aggregate(
        came=Count("pk", filter=seated),
        inside=Count("pk", filter=seated & Q(way=Way.IN)),
        here=Count("pk", filter=Q(state=BookingState.WAITLISTED, way=Way.HERE)),
    )
    return Counts(expected=event.seats_taken, **found)


def context(event, way, now):
    """Return what the lists of the door's page show, which depends on the way people go (a Way)."""
    rows = with_way(event, now).seated().select_related("talent__unit").order_by("place")
    rows = list(rows)
    latest = Passage.objects.standing().filter(booking__event=event).exclude(way=Way.HERE)
    latest = latest.select_related("booking__talent__unit").order_by("-noted_at", "-pk")
    inside = [booking for booking in rows if booking.way == Way.IN]
    return {
        "inside": inside,
        "listed": inside if way == Way.OUT else [b for b in rows if b.way != Way.IN],
        "to_come": sum(booking.way is None for booking in rows),
        "booked": rows,
        "latest": _once_each(latest[: 2 * LATEST]),
        "all_out": _all_out(event) if way == Way.OUT else None,
    }


def on_site(event, now):
    """Return who waits here, how many seats are free or may be given on, and what was given on last."""
    given = GivenSeat.objects.filter(late__event=event, undone_at=None).order_by()
    moments = given.values("given_at").annotate(n=Count("pk")).order_by("-given_at")
    return {
        "waiting_here": list(rules.waiting_here(event).select_related("talent__unit")),
        "late": rules.late(event, now).count(),
        "free": max(rules.free_seats(event, now), 0),
        "kept": rules.kept_seats(event, now),
        "kept_until": event.starts_at + rules.LATE,
        "may_give": rules.why_not_give_late_seats(event, now) is None,
        "given": moments.first(),
    }


def _all_out(event):
    """Return {noted_at, n} of the latest moment at which several were checked out at once, or None."""
    outs = Passage.objects.standing().filter(booking__event=event, way=Way.OUT).order_by()
    moments = outs.values("noted_at").annotate(n=Count("pk")).filter(n__gt=1)
    return moments.order_by("-noted_at").first()


def _once_each(passages):
    """Return the latest passage of each booking, the newest first."""
    found = {}
    for passage in passages:
        found.setdefault(passage.booking_id, passage)
    return list(found.values())[:LATEST]


def address(event, way):
    """Return where the door's page of one way is."""
    here = reverse("door", args=[event.code])
    return f"{here}?way={way}" if way == Way.OUT else here
