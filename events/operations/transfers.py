"""A seat, or a place in the queue, goes to a colleague: by a link that she sends herself and that is accepted once."""

from django.db import transaction

from events import letters, rules, seat_counts
from events.models import Booking, BookingState, Transfer
from events.operations import no_show
from events.operations.kept_seats import KeptSeats
from events.operations.locking import lock_event_for, locked_booking
from events.operations.seats import end_booking, fill_seats
from privacy import audit


@transaction.atomic
def hand_on(*, booking, by, now):
    """Make the link by which a colleague may take what is booked; nothing moves before she accepts.

    Where a link stands already it is that one. Raises Refused, what rules.why_not_hand_on returns. Returns the Transfer.
    """
    _event, booking = locked_booking(booking, rules.why_not_hand_on_for, booking.talent, by)
    if error := rules.why_not_hand_on(booking, now):
        raise error
    if transfer := booking.transfers.standing().first():
        return transfer
    transfer = Transfer.objects.create(booking=booking, made_at=now)
    audit.record("events.hand_on", transfer, by=by, at=now, booking=booking.pk)
    return transfer


@transaction.atomic
def take_transfer_back(*, transfer, by, now):
    """Close the link before anybody has accepted. Doing it twice does nothing twice.

    Raises Refused, or Conflict where a colleague was quicker. Returns the Transfer.
    """
    _event, booking = locked_booking(
        transfer.booking, rules.why_not_hand_on_for, transfer.booking.talent, by
    )
    transfer = booking.transfers.get(pk=transfer.pk)
    if error := rules.why_not_take_transfer_back(transfer):
        raise error
    if transfer.taken_back_at is None:
        transfer.taken_back_at = now
        transfer.save(update_fields=["taken_back_at"])
        audit.record("events.take_transfer_back", transfer, by=by, at=now)
    return transfer


@transaction.atomic
def accept_transfer(*, transfer, talent, by, now):
    """Give the talent what a colleague hands on: her seat, or exactly her place in the queue.

    What the talent had of the event herself (a place, an offer) is given back. Accepting twice does nothing twice;
    nobody in the queue is overtaken, because the colleague's row takes a place at its end. Raises what
    rules.why_not_take returns. Returns her Booking.
    """
    if talent is None:
        raise rules.why_not_take(transfer, None, None, now)
    event = lock_event_for(talent, transfer.booking.event, rules.why_not_take_for, by)
    rows = Transfer.objects.select_related("booking__talent__user", "booking__pool", "accepted")
    transfer = rows.get(pk=transfer.pk)
    given, taken = transfer.booking, transfer.accepted
    given.event = event
    if taken and taken.talent_id == talent.pk:
        return taken
    hers = event.bookings.active().filter(talent=talent).select_related("talent__user").first()
    if error := why_not_take(transfer, talent, hers, no_show.holds_of(talent), now):
        raise error
    if hers:
        hers.event = event
        end_booking(hers, BookingState.CANCELLED, now)
    taken = _taken_over(given, talent, now)
    transfer.accepted_at, transfer.accepted = now, taken
    transfer.save(update_fields=["accepted_at", "accepted"])
    audit.record("events.accept_transfer", transfer, by=by, at=now, given=given.pk, taken=taken.pk)
    letters.send([letters.handed_on(given, event), _letter(taken, event)], now)
    fill_seats(event, None, now)
    return taken


def why_not_take(transfer, talent, hers, holds, at):
    """Say why the talent cannot accept what a colleague hands on: rules.why_not_take, her holds, and whether a seat is hers.

    Which pool the seat happens to be of says nothing: where others may move over so that she sits, she does.
    """
    given = transfer.booking
    if error := rules.why_not_take(transfer, talent, hers, at):
        return error
    if error := rules.why_not_yet(given.event, holds, at):
        return error
    if given.is_waitlisted or not given.event.pooled:
        return None
    seats = KeptSeats(given.event, leaving=[given, *([hers] if hers else [])])
    return None if seats.has_one_for(talent, given.wants_track) else rules.why_no_seat_for_her()


def _taken_over(given, talent, now):
    """End what was given, its place changed for one at the end, and return the booking that has its place now."""
    event, state, place = given.event, given.state, given.place
    event.last_place += 1
    given.place = event.last_place
    given.save(update_fields=["place"])
    end_booking(given, BookingState.HANDED_ON, now)
    taken = Booking(
        event=event,
        talent=talent,
        state=state,
        place=place,
        wants_track=given.wants_track,
        booked_at=now,
        promoted_at=given.promoted_at,
    )
    if event.pooled and not taken.is_waitlisted:
        KeptSeats(event).seat(taken)
    taken.save(force_insert=True)
    event.refresh_from_db(fields=["seats_taken", "waiting", "kept"])
    seat_counts.moved()
    return taken


def _letter(taken, event):
    if taken.is_waitlisted:
        return letters.waitlisted(taken, event, taken.queue_rank())
    return letters.booked(taken, event)
