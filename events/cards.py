"""The app's part of 我的."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import get_language

from events import qr, rules, seat_counts
from events.models import Booking, Event, Invitation, Visibility
from events.standing import offer
from kernel import holes
from kernel.prepared import Prepared
from talents.operations import own_record
from talents.standing import why_not_take_part

SHOWN = 3
MOST = 50  # bookings she may have ahead of her; who has more reads them under 我的报名
EVENT_SHOWN = ("code", "title", "mode", "venue", "leader_id", "starts_at", "ends_at", "state")
OPEN_SHOWN = {*seat_counts.COLUMNS, *EVENT_SHOWN, "kind", "womens_track"}
BOOKING_SHOWN = ("code", "state", "place", "offer_ends_at", "checked_in_at", "reason")

COMING = Prepared(
    lambda who, at: (
        Booking.objects.coming(at)
        .filter(talent__user=who)
        .with_queue_rank()
        .select_related("event")
        .only(*BOOKING_SHOWN, *(f"event__{name}" for name in EVENT_SHOWN))[:MOST]
    ),
    who="accounts.User",
    at=datetime,
)

COMING_CARD = {"coming": COMING}

_opened = {}  # language: Opened


def next_booking(request, now, found):
    """Return her next seat with its code, and what else she has ahead; else the way to the list.

    A place in the queue or an event that was called off is never the next seat, however near it is.
    """
    talent = own_record(request.user)
    if talent is None:
        return None
    coming = found["coming"]
    if not coming:
        return {"next_booking": None} if talent.is_active else None
    first = next((booking for booking in coming if booking.has_seat), None)
    return {
        "next_booking": first,
        "next_booking_qr": qr.svg(first) if first else "",
        "now": now,
        "other_bookings": sorted(
            (booking for booking in coming if booking is not first),
            key=lambda booking: not booking.is_offered,  # what waits for her answer first
        )[:SHOWN],
    }


FOR_HER_COMING = Prepared(
    lambda who, at: (
        Event.objects.bookable(at)
        .filter(
            # Asked as a subquery: a join gives an event once for each woman invited to it.
            Q(visibility=Visibility.TALENTS)
            | Q(
                visibility=Visibility.INVITED,
                pk__in=Invitation.objects.standing().filter(talent__user=who).values("event"),
            )
        )
        .exclude(bookings__in=Booking.objects.active().filter(talent__user=who))
        .only(*OPEN_SHOWN)[:SHOWN]
    ),
    who="accounts.User",
    at=datetime,
)
FOR_HER = {"for_her": FOR_HER_COMING}


def for_her(request, now, found):
    """Return the events in no list that she may book."""
    talent = own_record(request.user)
    if not found["for_her"] or why_not_take_part(talent):
        return None
    fitting = [event for event in found["for_her"] if not rules.why_not_eligible(event, talent)]
    rows = [
        render_to_string("events/row.html", {"event": event, "offer": offer(event, now)})
        for event in fitting
    ]
    return {"for_her": rows} if rows else None


@dataclass(frozen=True)
class Opened:
    """What anybody can book at a moment, and the rows shown of it so far: {event's key: HTML}."""

    moment: holes.Moment
    events: list
    rows: dict = field(default_factory=dict)

    def row(self, event, now):
        """Return the event as a row of a list, rendered once."""
        if event.pk not in self.rows:
            context = {"event": event, "offer": offer(event, now)}
            self.rows[event.pk] = render_to_string("events/row.html", context)
        return self.rows[event.pk]


def open_events(request, now, found):
    """Return what can be booked at this moment and she has not booked."""
    opened = _opened_now(request, now)
    booked = {booking.event_id for booking in found["coming"]}
    events = [event for event in opened.events if event.pk not in booked][:SHOWN]
    return {"opened": [opened.row(event, now) for event in events]} if events else None


def said_to_many(context):
    """Return the events of the card, which are open to everybody (kernel.portal.Card)."""
    return (("opened", tuple(context["opened"])),)


def _opened_now(request, now):
    """Return what is Opened, the same for all readers of a language and at most half a second old."""
    kept = _opened.get(get_language())
    if kept is None or not settings.PUBLIC_CACHE or not kept.moment.is_current():
        moment = holes.Moment.now()  # before: what moves is newer
        # As many more as she may have booked herself.
        events = list(Event.objects.bookable(now).listed().only(*OPEN_SHOWN)[: MOST + SHOWN])
        kept = _opened[get_language()] = Opened(moment, events)
    holes.date(request, kept.moment.read_at)
    return kept
