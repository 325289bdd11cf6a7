"""Events: made, published, changed, called off."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from events import letters, rules, seat_counts
from events.models import BookingState, Event, EventState
from events.operations import paid_seats
from events.operations.agenda import shift_agenda, tell_speakers, tell_speakers_off
from events.operations.childcare import fill_childcare
from events.operations.inviting import tell_invited
from events.operations.locking import lock_event
from events.operations.reminding import pass_by
from events.operations.seats import fill_seats
from events.operations.share_pictures import ask_for_picture
from kernel import reasons
from kernel.errors import Invalid
from privacy import audit

EDITABLE = (
    "title",
    "kind",
    "platform",
    "womens_track",
    "measure",
    "summary",
    "body",
    "audience",
    "venue",
    "address",
    "online_url",
    "mode",
    "accessibility",
    "disciplines",
    "cooperation_region",
    "co_organisers",
    "series",
    "contact_name",
    "contact_phone",
    "starts_at",
    "ends_at",
    "booking_opens_at",
    "booking_closes_at",
    "capacity",
    "childcare_places",
    "takes_photos",
    "transfers_until",
    "visibility",
    "for_tiers",
    "for_disciplines",
    "for_units",
    "needs_approval",
    "points_only",
    "offer_hours",
    "organiser",
    "sensitive_topic",
)
# Who has a seat is told when one of these changes; the others are read in her calendar.
ANNOUNCED = letters.TOLD.keys()
IN_CALENDARS = ANNOUNCED | {"title", "sensitive_topic"}
MESSAGE_LENGTH = 300


@transaction.atomic
def add_event(*, fields, by, now, leader=None):
    """Save a new event as a draft; `leader` is the User who gives it as an hour of two.

    `fields` are names of EDITABLE, and `department`, to values; others are passed over. Organiser and
    department are by default those of `by`; a booking window left out is filled (Event.window_after).
    Raises Refused unless `by` may make events of the department, Invalid for an organiser who may not
    and for times that are past or contradict each other. Returns the Event.
    """
    values = {name: fields.get(name) for name in (*EDITABLE, "department")}
    values = {name: value for name, value in values.items() if value is not None}
    if by:
        values = {"organiser": by, "department": by.department} | values
    department = values.get("department")
    refused = rules.why_not_add(department, by)
    if error := refused or rules.why_not_organise(department, values.get("organiser")):
        raise error
    window = Event().window_after(values, now)
    event = Event(**values | window, leader=leader, created_at=now, updated_at=now)
    past = rules.why_not_begin(event.starts_at, now) or rules.why_not_belong(
        event.series, department
    )
    if error := past or rules.why_not_seats(event, event.capacity):
        raise error
    _refuse_contradictions(event)
    event.save()
    audit.record("events.add_event", event, by=by, at=now)
    return event


def _refuse_contradictions(event):
    if errors := rules.contradictions(event):
        raise errors[0]


@transaction.atomic
def publish_event(*, event, by, now):
    """Put a draft on the public list. Publishing twice does nothing twice.

    Raises Refused, or Conflict when the event is cancelled or begins in the past. Returns the Event.
    """
    event = lock_event(event, rules.why_not_manage, by, "events.publish_event")
    if event.is_published:
        return event
    if error := rules.why_not_publish(event, now):
        raise error
    event.state, event.published_at, event.updated_at = EventState.PUBLISHED, now, now
    event.save(update_fields=["state", "published_at", "updated_at"])
    pass_by(event, now)
    ask_for_picture(event)
    seat_counts.moved()
    audit.record("events.publish_event", event, by=by, at=now)
    tell_invited(event, now)
    tell_speakers(event, now)
    return event


@transaction.atomic
def cancel_event(*, event, reason, by, now):
    """Call an event off, tell everybody who has a seat or waits.

    `reason` is shown to them. Seats, places, offers and requests end with the event; who is checked in has come, and
    stays noted so. Raises what kernel.reasons.clean raises, Conflict when the event is over. Returns the Event; its
    `told` says how many Bookings were told.
    """
    event = lock_event(event, rules.why_not_manage, by, "events.publish_event")
    if event.is_cancelled:
        return event
    if error := rules.why_not_call_off(event, now):
        raise error
    reason = reasons.clean(reason, _("请写明取消原因，会告知已报名的人。"), least=1)
    event.state, event.cancel_reason = EventState.CANCELLED, reason
    event.cancelled_at = event.updated_at = now
    event.save(update_fields=["state", "cancel_reason", "cancelled_at", "updated_at"])
    ask_for_picture(event)
    bookings = list(event.bookings.active().select_related("talent__user").order_by("place"))
    event.told = len(bookings)
    audit.record("events.cancel_event", event, by=by, at=now, bookings=event.told)
    _release(event, bookings, by, now)
    letters.overtake(bookings, now)
    letters.send([letters.cancelled(booking, event) for booking in bookings], now)
    for booking in bookings:
        paid_seats.follow(booking, event, by, now, ended=True)
    tell_speakers_off(event, now, but=[booking.talent_id for booking in bookings])
    return event


def _release(event, bookings, by, now):
    """End the bookings of an event that is called off, those of who came apart."""
    released = [booking for booking in bookings if not booking.checked_in_at]
    with seat_counts.many_moved(event):
        event.bookings.active().filter(checked_in_at=None).update(
            state=BookingState.CALLED_OFF, ended_at=now, offer_ends_at=None, childcare=""
        )
    audit.record_many("events.call_off_booking", released, by=by, at=now)
    event.refresh_from_db(fields=["seats_taken", "waiting", "kept", "childcare_taken"])
    seat_counts.moved()


@transaction.atomic
def message_booked(*, event, text, by, now):
    """Tell everybody who has a seat what staff write (≤ 300 characters), by inbox, SMS or mail.

    The same text reaches each of them once, however often it is sent: who booked since then gets it.
    Raises Refused, Conflict for an event that is over or not on, Invalid without a text. Returns how
    many were told.
    """
    event = lock_event(event, rules.why_not_manage, by, "events.change_event")
    if error := rules.why_not_message(event, now):
        raise error
    text = " ".join((text or "").split())[:MESSAGE_LENGTH]
    if not text:
        raise Invalid("text_missing", _("请写下要通知的内容。"), field="text")
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    outgoing = [
        letters.message(booking, event, text, f"{event.pk}:{digest}")
        for booking in event.bookings.seated().select_related("talent__user").order_by("place")
    ]
    told = len(letters.send(outgoing, now))
    if told:
        audit.record("events.message_booked", event, by=by, at=now, readers=told)
    return told


def message_readers(event):
    """Return how many people a message to the booked reaches: those with a seat and an account."""
    return event.bookings.seated().exclude(talent__user=None).count()


@transaction.atomic
def change_capacity(*, event, capacity, by, now):
    """Set the number of seats; when it grows, the waiting list moves before anyone new can book.

    Raises Refused, Conflict for a cancelled event, Invalid when it is below one or below the seats
    taken. Returns the Event.
    """
    event = _locked_to_edit(event, by)
    _set_capacity(event, capacity, by, now)
    return event


def _locked_to_edit(event, by):
    event = lock_event(event, rules.why_not_manage, by, "events.change_event")
    if error := rules.why_not_edit(event):
        raise error
    return event


def _set_capacity(event, capacity, by, now):
    if error := rules.why_not_seats(event, capacity):
        raise error
    if capacity == event.capacity:
        return
    before, event.capacity, event.updated_at = event.capacity, capacity, now
    event.save(update_fields=["capacity", "updated_at"])
    seat_counts.moved()
    audit.record("events.change_capacity", event, by=by, at=now, before=before, after=capacity)
    fill_seats(event, by, now)


@transaction.atomic
def edit_event(*, event, changes, by, now):
    """Change fields of an event (names of EDITABLE → new values) and do what follows from them.

    More seats move the waiting list; a new time, place or online link is told to
    everybody who has a seat, once; a booking window that closes at the start moves with it. Raises Refused, Conflict
    for a cancelled event, Invalid for seats below those taken, for an organiser who may not be one and
    for times that are past or contradict each other. Returns the Event.
    """
    event = _locked_to_edit(event, by)
    changes = changes | event.window_after(changes, now)
    changes = {
        name: value
        for name, value in changes.items()
        if name in EDITABLE and getattr(event, name) != value
    }
    if error := _why_not_organiser(event, changes, by):
        raise error
    capacity = changes.pop("capacity", event.capacity)
    if changes:
        _change_fields(event, changes, by, now)
    _set_capacity(event, capacity, by, now)
    fill_childcare(event, now)
    return event


def _why_not_organiser(event, changes, by):
    if error := rules.why_not_hand_over(event, changes, by):
        return error
    if "organiser" in changes:
        return rules.why_not_organise(event.department, changes["organiser"])
    return rules.why_not_belong(changes.get("series"), event.department)


def _change_fields(event, changes, by, now):
    if "starts_at" in changes and (error := rules.why_not_begin(changes["starts_at"], now)):
        raise error
    if error := rules.why_not_change_kind(event, changes.get("kind", event.kind), now):
        raise error
    if changes.get("points_only") is False and (error := rules.why_not_free_again(event)):
        raise error
    before = (event.starts_at, event.ends_at)
    if error := rules.why_not_childcare_places(
        event, changes.get("childcare_places", event.childcare_places)
    ):
        raise error
    for name, value in changes.items():
        setattr(event, name, value)
    _refuse_contradictions(event)
    if error := rules.why_not_lead(event):
        raise error
    if (event.starts_at, event.ends_at) != before:
        _take_agenda_along(event, *before)
    event.schedule_version += event.is_published and not changes.keys().isdisjoint(IN_CALENDARS)
    event.updated_at = now
    event.save(update_fields=[*changes, "schedule_version", "updated_at"])
    if event.is_published:
        ask_for_picture(event)
    if (
        "starts_at" in changes
    ):  # who is told of the change needs no reminder that is due by it at once
        pass_by(event, now)
    audit.record("events.edit_event", event, by=by, at=now, fields=sorted(changes))
    names = changes.keys() & ANNOUNCED
    if event.is_published and names and not event.is_over(now):
        _announce_change(event, names, now)


def _take_agenda_along(event, starts_at, ends_at):
    """Move the agenda with an event that moves as a whole; into one made longer or shorter it has to fit."""
    shift = event.starts_at - starts_at
    if event.ends_at - ends_at == shift:
        shift_agenda(event, shift)
    if error := rules.why_not_span(event):
        raise error


def _announce_change(event, names, now):
    seated = list(event.bookings.seated().select_related("talent__user").order_by("place"))
    letters.overtake(seated, now)
    # Whose seat is kept for an answer is told as well; what she was asked stands as it was.
    asked = event.bookings.offered().select_related("talent__user").order_by("place")
    letters.send([letters.changed(booking, event, names) for booking in [*seated, *asked]], now)
    tell_speakers(event, now, again=True)
