"""The parts of event pages that are the reader's own, and those that move (kernel.holes)."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import get_language

from events import materials, seat_counts
from events.forms import new_key
from events.models import Booking, Event
from events.standing import offer, standing
from kernel import holes, portal
from kernel.prepared import Prepared
from kernel.stencils import kept_like
from talents.operations import own_record


def seats_badge(request, calls):
    """Show for each event of a list what can be booked of it at this moment."""
    codes = [code for (code,) in calls]
    events, read_at = seat_counts.of(codes)
    holes.date(request, read_at)
    return [_seats("events/seats_badge.html", events.get(code)) for code in codes]


def seats(request, calls):
    """Show on an event's page its seats, as the row says that her booking card beside them is made from."""
    return [_seats("events/seats.html", _event(request, code)) for (code,) in calls]


def _seats(template, event):
    """Render an event's seats once for each time they were read (seat_counts), in each language."""
    if event is None:
        return ""
    rendered, key = event.__dict__.setdefault("rendered", {}), (template, get_language())
    if key not in rendered:
        now = timezone.now()
        context = {"event": event, "offer": offer(event, now)}
        rendered[key] = "" if event.is_over(now) else render_to_string(template, context)
    return rendered[key]


OWN = Prepared(
    lambda who, codes: (
        Booking.objects.active()
        .filter(talent__user=who, event__code__any=codes)
        .values_list("event__code", "state")
    ),
    who="accounts.User",
    codes=list,
)


def own_badge(request, calls):
    """Mark the events of a list the reader has booked; one query, none for strangers."""
    codes = [code for (code,) in calls]
    own = dict(OWN(who=request.user.pk, codes=codes)) if own_record(request.user) else {}
    return [_own_badge(own[code], get_language()) if code in own else "" for code in codes]


@lru_cache
def _own_badge(state, language):
    return render_to_string("events/own_badge.html", {"state": state})


def _event(request, code):
    """Return the event of a page, the same for all of its holes: out of the shared ones while it is to come."""
    if getattr(request, "shown_event", None) is None or request.shown_event.code != code:
        events, read_at = seat_counts.of([code])
        holes.date(request, read_at)
        request.shown_event = events.get(code) or Event.objects.shown().filter(code=code).first()
    return request.shown_event


def booking_card(request, calls):
    """Show what the reader can do about an event: book, wait, give back, sign in first."""
    return [_booking_card(request, code) for (code,) in calls]


def _booking_card(request, code):
    event, now = _event(request, code), timezone.now()
    if event is None:
        return ""
    found = standing(event=event, user=request.user, now=now)
    words = {}
    if request.user.is_authenticated:
        words = {"key": new_key(), "csrf_token": holes.csrf_token(request)}
    context = {"event": event, "standing": found} | words

    def render():
        return render_to_string("events/standing.html", context, request)

    like = _said_alike(event, found)
    if like is None:
        return render()
    if found.booking:
        words["booking"] = found.booking.code
    return kept_like(like, words, render)


def _said_alike(event, found):
    """Return all that the plain card depends on, None where it says what few are told: that one is rendered for her.

    The plain one offers a seat, a place in the queue, or shows the seat she holds.
    """
    booking = found.booking
    own = booking and (booking.checked_in_at or booking.promoted_at or booking.wants_track)
    asked = found.has_questions or found.quota or event.takes_photos or event.childcare_places
    if found.case not in ("open", "full", "booked") or own or asked or found.ended:
        return None
    return (
        event.code,
        event.when_and_where,
        event.needs_approval,
        event.offer_hours,
        event.is_online,
        event.online_url,
        event.lacks_link,
        found.case,
        found.may_cancel,
        found.may_hand_on,
        found.at_door,
        str(found.why_not_join),
    )


def event_parts(request, calls):
    """Show what other apps have on an event's page for its reader (kernel.portal)."""
    return [_event_parts(request, code) for (code,) in calls]


def _event_parts(request, code):
    event = _event(request, code)
    if event is None:
        return ""
    parts = (part(request, event) for part in portal.listed("event_parts"))
    return format_html_join("", "{}", ((part,) for part in parts))


def materials_for_her(request, calls):
    """Show what an event has to read, with what its reader may and may not."""
    return [_materials_for_her(request, code) for (code,) in calls]


def _materials_for_her(request, code):
    event = _event(request, code)
    if event is None:
        return ""
    found = materials.for_reader(event, request.user, timezone.now())
    return render_to_string("events/materials.html", {"materials": found}, request)


def staff_card(request, calls):
    """Lead those who run an event to its door and to its record."""
    if not (request.user.is_authenticated and request.user.is_staff):
        return [""] * len(calls)
    return [_staff_card(request, code) for (code,) in calls]


def _staff_card(request, code):
    event = _event(request, code)
    if event is None or not event.is_managed_by(request.user):
        return ""
    context = {"event": event, "at_door": event.has_door_for(request.user)}
    return render_to_string("events/staff_card.html", context)
