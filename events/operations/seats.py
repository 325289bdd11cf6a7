"""Seats and the queue: booked, given back, moved up."""

from django.db import transaction
from django.utils.translation import gettext as _

from events import letters, rules, seat_counts
from events.models import GIVEN_UP_STATES, HELD_STATES, Booking, BookingState, Childcare
from events.operations import at_once, no_show, paid_seats
from events.operations.childcare import fill_childcare
from events.operations.kept_seats import KeptSeats, seat_the_waiting
from events.operations.locking import lock_event, lock_event_for, locked_booking
from events.operations.places import next_place
from kernel import reasons, rows
from kernel.errors import Invalid
from privacy import audit


def book(*, event, talent, by, now, key=None, exempt="", children=0, wants_track=False):
    """Give the talent a seat, or the next place of the waiting list when the event is full.

    Where the event's bookings are approved one by one it is a request, which holds its place in the order.

    `talent` is her record; None, for a woman without one, is answered by the rule. `key` (≤ 40
    characters) makes a repeat of the same request return the same booking, even a cancelled one;
    without it, and beside it, whoever holds a seat or a place gets that one back. `exempt` is the reason
    (≤ 200 characters, kept in the audit log) why staff book for her although she is not invited, the event is
    not for her or its booking closed; never past the last seat. `children` (0 to 4) need childcare; who
    `wants_track` may have the seats kept for the women's track. Raises Refused (not
    her, not verified), Conflict (not open, cancelled), Invalid (the key was used for another event, no childcare,
    what kernel.reasons.clean raises).
    Returns the Booking.
    """
    if talent is None:
        raise rules.why_not_book(event, None, now)
    asks = {"children": children, "wants_track": wants_track}
    if by is not None and by.pk == talent.user_id and not (exempt or any(asks.values())):
        booking = at_once.book_herself(event, talent, now, key)
        if booking:
            seat_counts.moved()
            return booking
    return _book_by_steps(event, talent, by, now, key, exempt, **asks)


@transaction.atomic
def _book_by_steps(event, talent, by, now, key, exempt="", *, children=0, wants_track=False):
    right, rule = (
        (rules.why_not_book_as_staff, rules.why_not_book_for)
        if exempt
        else (rules.why_not_act_for, rules.why_not_book)
    )
    event = lock_event_for(talent, event, right, by)
    exempt = exempt and reasons.clean(exempt, _("请写明破例的原因。"))
    error = rule(event, talent, now) or rules.why_not_children(event, children)
    if not (error or exempt):
        error = rules.why_not_yet(event, no_show.holds_of(talent), now)
    booking = None if error else next_place(event, talent, key, now)
    if booking:
        booking.children, booking.wants_track = children, wants_track
        booking.childcare = Childcare.WAITING if children else ""
        _seat_or_queue(booking, now, decided=bool(exempt) or not event.needs_approval)
    if booking is None or not rows.insert_once(booking):
        return _repeated(event, talent, key, error, booking)
    seat_counts.moved()
    booking.ahead = event.waiting  # the last place: all who wait are before it
    told = {"state": booking.state, "place": booking.place}
    audit.record("events.book", booking, by=by, at=now, reason=exempt, **told)
    letters.send(_first_letters(booking, event, now), now)
    if children:
        fill_childcare(event, now, asking=booking)
    return booking


def _first_letters(booking, event, now):
    """Count the booking as the database did, and return what she is told of it."""
    if booking.is_pending:
        return [letters.requested(booking, event)]
    if booking.is_waitlisted:
        event.waiting += 1
        return [letters.waitlisted(booking, event, booking.queue_rank())]
    event.seats_taken += 1
    return [letters.booked(booking, event)]


def _seat_or_queue(booking, now, *, decided=True):
    """Give the booking, still to be saved, a seat it may have while nobody waits for one, else a place in the queue."""
    event = booking.event
    if not decided:
        return
    if event.kept:
        # Who waits may have what she could not when the queue last moved: her record has changed since.
        fill_seats(event, None, now)
        free = _seats_after_who_is_here(event, now).seat(booking)
    else:
        free = not event.is_full
    booking.state = BookingState.CONFIRMED if free else BookingState.WAITLISTED


def _seats_after_who_is_here(event, now):
    """Return the KeptSeats without those that are for whoever waits on site: once it has started nobody moves up."""
    seats = KeptSeats(event)
    if event.has_started(now):
        for booking in rules.waiting_here(event):
            seats.seat(booking)
    return seats


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
    """Give a seat, an offer, a request or a place in the queue back; the next in the queue gets the seat at once.

    Possible until the event starts. Staff who cancel for her give a `reason` (≤ 200 characters), which
    she is told. Cancelling twice does nothing twice. Raises Refused, what kernel.reasons.clean raises, or
    Conflict when the event has started or is cancelled, or she is checked in. Returns the Booking; its
    `moved_up` are the Bookings that got the seat, or are asked whether they take it.
    """
    event, booking = locked_booking(booking, rules.why_not_act_for, booking.talent, by)
    if booking.state in GIVEN_UP_STATES:
        return booking
    if error := rules.why_not_cancel(booking, now):
        raise error
    herself = by is not None and by.pk == booking.talent.user_id
    for_her = by is not None and not herself
    reason = reasons.clean(reason, _("请写明取消原因，会告知她本人。"), least=1) if for_her else ""
    had_seat = booking.is_seated
    declined = booking.is_offered and herself
    state = BookingState.DECLINED if declined else BookingState.CANCELLED
    end_booking(booking, state, now, reason, by=by, too_late=herself)
    audit.record("events.cancel_booking", booking, by=by, at=now, had_seat=had_seat)
    if for_her:
        letters.send([letters.booking_cancelled(booking, event)], now)
    booking.moved_up = fill_seats(event, None, now)
    return booking


def end_booking(booking, state, now, reason="", *, by=None, too_late=False):
    """End a booking, counted as the database counts it; what she was told so far is overtaken.

    Points it was paid with go back in the name of `by`; where she herself ends it `too_late` says that the rule of the
    service holds.
    """
    event = booking.event
    event.seats_taken -= booking.state in HELD_STATES
    event.waiting -= booking.is_waitlisted
    booking.state, booking.ended_at, booking.reason = state, now, reason
    booking.offer_ends_at, booking.childcare = None, ""
    booking.save(update_fields=["state", "ended_at", "reason", "offer_ends_at", "childcare"])
    if booking.pool_id:
        event.refresh_from_db(fields=["kept"])
    seat_counts.moved()
    letters.overtake([booking], now)
    paid_seats.follow(booking, event, by, now, ended=True, too_late=too_late)


@transaction.atomic
def accept_offer(*, booking, by, now):
    """Take the seat that was kept for her. Accepting twice does nothing twice.

    Raises Refused, or Conflict when the time to answer is over, the event has started or is cancelled.
    Returns the Booking.
    """
    event, booking = locked_booking(booking, rules.why_not_act_for, booking.talent, by)
    if booking.is_seated:
        return booking
    if error := rules.why_not_accept(booking, now):
        raise error
    booking.state, booking.offer_ends_at = BookingState.CONFIRMED, None
    booking.save(update_fields=["state", "offer_ends_at"])
    seat_counts.moved()
    audit.record("events.accept_offer", booking, by=by, at=now)
    letters.overtake([booking], now)
    letters.send([letters.booked(booking, event)], now)
    return booking


@transaction.atomic
def expire_offers(*, event, now):
    """End the offers of an event that were not answered in time; each seat goes to the next. Safe to repeat.

    Returns the Bookings that expired.
    """
    event = lock_event(event, rules.why_not_manage, None, "events.change_event")
    late = event.bookings.lapsed(now).select_related("talent__user").order_by("place")
    expired = list(late)
    for booking in expired:
        booking.event = event
        end_booking(booking, BookingState.EXPIRED, now)
        audit.record("events.expire_offer", booking, by=None, at=now)
    if expired and not (event.is_cancelled or event.is_over(now)):
        letters.send([letters.offer_expired(booking, event) for booking in expired], now)
    fill_seats(event, None, now)
    return expired


@transaction.atomic
def approve_booking(*, booking, by, now):
    """Let her come who asked: a seat while one is free and nobody waits, else her place in the queue.

    The queue is in the order of the requests, not of the decisions. Raises Refused, or Conflict when it is
    decided, the event over or cancelled. Returns the Booking.
    """
    event, booking = locked_booking(booking, rules.why_not_see_names, by, "events.change_booking")
    if error := rules.why_not_decide(booking, by, now):
        raise error
    _seat_or_queue(booking, now)
    booking.save(update_fields=["state", "pool"])
    seat_counts.moved()
    audit.record("events.approve_booking", booking, by=by, at=now, state=booking.state)
    letters.overtake([booking], now)
    letters.send(_first_letters(booking, event, now), now)
    fill_childcare(event, now, asking=booking)
    return booking


@transaction.atomic
def refuse_booking(*, booking, reason, by, now):
    """Do not let her come who asked; she is told `reason` (≤ 200 characters), and may ask again.

    Raises Refused, Conflict as approve_booking, and what kernel.reasons.clean raises. Returns the Booking.
    """
    event, booking = locked_booking(booking, rules.why_not_see_names, by, "events.change_booking")
    if error := rules.why_not_decide(booking, by, now):
        raise error
    reason = reasons.clean(reason, _("请写明未通过的原因，会告知她本人。"), least=1)
    end_booking(booking, BookingState.REFUSED, now, reason)
    audit.record("events.refuse_booking", booking, by=by, at=now)
    letters.send([letters.refused(booking, event)], now)
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
    """Promote, for an operation that holds the event's lock and has looked at the rights of `by`.

    Where the event keeps a seat for an answer (`offer_hours`) it is offered, else it is hers. Children follow
    (events.operations.childcare).
    """
    moved = []
    if event.is_published and not event.has_started(now):
        moved = _move_up(event, by, now)
        fill_childcare(event, now)
    return moved


def _move_up(event, by, now):
    until, moved = event.offer_end(now), []
    state, verb = (
        (BookingState.OFFERED, "events.offer")
        if until
        else (BookingState.CONFIRMED, "events.promote")
    )
    for booking in _next_in_queue(event):
        booking.state, booking.promoted_at, booking.offer_ends_at = state, now, until
        booking.save(update_fields=["state", "promoted_at", "offer_ends_at", "pool"])
        audit.record(verb, booking, by=by, at=now, place=booking.place)
        moved.append(booking)
    if (
        event.kept
    ):  # also where nobody moved up: who moved over to a kept seat left one for everybody
        event.refresh_from_db(fields=["kept"])
    if not moved:
        return []
    event.seats_taken += len(moved)
    event.waiting -= len(moved)
    seat_counts.moved()
    letters.overtake(moved, now)
    letters.send(_moved_letters(moved, event, now), now)
    return moved


def _next_in_queue(event):
    """Return who moves up, first come first; each is to be saved before the next is asked for."""
    if event.kept:
        return seat_the_waiting(event)
    free = event.seats_free if event.waiting else 0
    return event.bookings.in_queue().select_related("talent__user")[:free] if free > 0 else []


def _moved_letters(moved, event, now):
    """Return what those are told who moved up."""
    if moved and moved[0].is_offered:
        outgoing = [letters.offered(booking, event) for booking in moved]
        for booking in moved:
            outgoing += letters.offer_reminders(booking, event, now)
        return outgoing
    return [letters.promoted(booking, event) for booking in moved]
