"""Seats and the queue: booked, given back, moved up."""

from django.db import transaction
from django.utils.translation import gettext as _

from events import letters, rules, seat_counts
from events.models import Booking, BookingState
from events.operations import at_once
from events.operations.locking import lock_event, lock_event_for
from kernel import reasons, rows
from kernel.errors import Invalid
from privacy import audit


def book(*, event, talent, by, now, key=None):
    """Give the talent a seat, or the next place of the waiting list when the event is full.

    `talent` is her record; None, for a woman without one, is answered by the rule. `key` (≤ 40
    characters) makes a repeat of the same request return the same booking, even a cancelled one;
    without it, and beside it, whoever holds a seat or a place gets that one back. Raises Refused (not
    her, not verified), Conflict (not open, cancelled), Invalid (the key was used for another event).
    Returns the Booking.
    """
    if talent is None:
        raise rules.why_not_book(event, None, now)
    if by is not None and by.pk == talent.user_id:
        booking = at_once.book_herself(event, talent, now, key)
        if booking:
            seat_counts.moved()
            return booking
    return _book_by_steps(event, talent, by, now, key)


@transaction.atomic
def _book_by_steps(event, talent, by, now, key):
    event = lock_event_for(talent, event, rules.why_not_act_for, by)
    error = rules.why_not_book(event, talent, now)
    booking = None if error else _next_place(event, talent, key, now)
    if booking is None or not rows.insert_once(booking):
        return _repeated(event, talent, key, error, booking)
    seat_counts.moved()
    audit.record("events.book", booking, by=by, at=now, state=booking.state, place=booking.place)
    if booking.is_confirmed:
        event.seats_taken += 1
        outgoing = [letters.booked(booking, event), *letters.reminders(booking, event, now)]
    else:
        event.waiting += 1
        outgoing = [letters.waitlisted(booking, event, event.waiting)]
    letters.send(outgoing, now)
    return booking


def _next_place(event, talent, key, now):
    """Return her booking of the next place, not yet written."""
    event.last_place += 1
    return Booking(
        event=event,
        talent=talent,
        state=BookingState.WAITLISTED if event.is_full else BookingState.CONFIRMED,
        place=event.last_place,
        idempotency_key=key or None,
        booked_at=now,
    )


def _repeated(event, talent, key, error, tried):
    """Return the booking that a repeated request means; without one raise why she cannot book.

    Where no rule refused and it is no repeat either (the place or the code was taken), writing `tried`
    once more raises what the database says.
    """
    booking = Booking.objects.repeated(event, talent, key)
    if booking is None:
        raise error or rows.refusal(tried)
    if booking.event_id != event.pk:
        raise Invalid("key_reused", _("这个页面已用于另一场活动的报名，请刷新后再试。"))
    return booking


@transaction.atomic
def cancel_booking(*, booking, by, now, reason=""):
    """Give a seat back, or leave the waiting list; the next in the queue gets the seat at once.

    Possible until the event starts. Staff who cancel for her give a `reason` (≤ 200 characters), which
    she is told. Cancelling twice does nothing twice. Raises Refused, what kernel.reasons.clean raises, or
    Conflict when the event has started or is cancelled, or she is checked in. Returns the Booking; its
    `moved_up` are the Bookings that got the seat.
    """
    event = lock_event(booking.event, rules.why_not_act_for, booking.talent, by)
    booking = event.bookings.select_related("talent__user").get(pk=booking.pk)
    booking.event = event
    if not booking.is_active:
        return booking
    if error := rules.why_not_cancel(booking, now):
        raise error
    for_her = by is not None and by.pk != booking.talent.user_id
    reason = reasons.clean(reason, _("请写明取消原因，会告知她本人。"), least=1) if for_her else ""
    had_seat = booking.is_confirmed
    booking.state, booking.cancelled_at = BookingState.CANCELLED, now
    booking.cancel_reason = reason
    booking.save(update_fields=["state", "cancelled_at", "cancel_reason"])
    seat_counts.moved()
    audit.record("events.cancel_booking", booking, by=by, at=now, had_seat=had_seat)
    letters.overtake([booking], now)
    if for_her:
        letters.send([letters.booking_cancelled(booking, event)], now)
    if had_seat:
        event.seats_taken -= 1
        letters.withdraw_reminders([booking], event, now)
        booking.moved_up = fill_seats(event, None, now)
    return booking


@transaction.atomic
def promote(*, event, by, now):
    """Give free seats to the waiting, first come first; tells each of them. Safe to repeat.

    Nobody is promoted once the event has started. Raises Refused. Returns the promoted Bookings in
    queue order.
    """
    event = lock_event(event, rules.why_not_manage, by, "events.change_event")
    return fill_seats(event, by, now)


def fill_seats(event, by, now):
    """Promote, for an operation that holds the event's lock and has looked at the rights of `by`."""
    free = event.capacity - event.seats_taken
    if not event.is_published or event.has_started(now) or not event.waiting or free < 1:
        return []
    moving = list(event.bookings.in_queue().select_related("talent__user")[:free])
    for booking in moving:
        booking.state, booking.promoted_at = BookingState.CONFIRMED, now
        booking.save(update_fields=["state", "promoted_at"])
        audit.record("events.promote", booking, by=by, at=now, place=booking.place)
    seat_counts.moved()
    letters.overtake(moving, now)
    outgoing = [letters.promoted(booking, event) for booking in moving]
    for booking in moving:
        outgoing += letters.reminders(booking, event, now)
    letters.send(outgoing, now)
    return moving
