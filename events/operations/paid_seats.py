"""A seat for points: the booking and the points in one transaction, and what becomes of the points with the seat."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from care_points import operations as care_points
from care_points.operations.seats import settle_seat
from events import letters, rules, seat_counts
from events.models import BookingState, Event, PaidSeat
from events.operations.locking import lock_event_for
from events.operations.places import next_place
from kernel import rows
from kernel.errors import Conflict, Refused
from privacy import audit

SAID_BY = timedelta(
    days=7
)  # nobody has said whether she came: the points go back, as of appointments
OUTCOMES = {
    BookingState.CONFIRMED: "reserved",
    BookingState.ATTENDED: "fulfilled",
    BookingState.ABSENT: "no_show",
    BookingState.EXCUSED: "no_show",
}


def why_not_redeem_for(event, talent, by):
    """Say why `by` may not have a seat for the talent's points: that is for herself."""
    if by is None or (talent and talent.user_id == by.pk):
        return None
    return Refused("not_yours", _("积分只能由本人兑换。"))


@transaction.atomic
def redeem_seat(*, talent, service, idempotency_key, expected_cost, by, now):
    """Spend her points on a seat of the service's event: both or neither; returns the Redemption.

    Only for a seat that is free: nobody waits for one with her points. The same key again returns the same voucher.
    Raises Refused("not_yours"), what rules.why_not_take_seat returns, Conflict("event_full", "booked_already"), and what
    care_points.redeem raises.
    """
    event = _event(service.event_code)
    if event is None:
        raise Conflict("service_closed", _("这项服务暂停兑换，积分没有变动，请看看其他服务。"))
    event = lock_event_for(
        talent, event, why_not_redeem_for, by
    )  # the event first, then her points
    redemption = care_points.redeem(
        talent=talent,
        service=service,
        idempotency_key=idempotency_key,
        expected_cost=expected_cost,
        by=by,
        now=now,
        until=event.ends_at + SAID_BY,
    )
    if redemption.state != "reserved" or hasattr(redemption, "seat"):
        return redemption
    booking = _seated(event, talent, now)
    PaidSeat.objects.create(
        booking=booking,
        redemption=redemption,
        cancel_hours=service.cancel_hours,
        late_refund=service.late_refund,
    )
    audit.record("events.book", booking, by=by, at=now, state=booking.state, place=booking.place)
    letters.send([letters.booked(booking, event)], now)
    return redemption


def _event(code):
    return Event.objects.filter(code=code, points_only=True).first()


def _seated(event, talent, now):
    """Write her booking of a free seat, or raise why she has none: what was spent is undone with it."""
    if error := why_not_take(event, talent, now):
        raise error
    booking = next_place(event, talent, None, now)
    booking.state = BookingState.CONFIRMED
    if not rows.insert_once(booking):
        raise _booked()
    event.seats_taken += 1
    seat_counts.moved()
    return booking


def _booked():
    return Conflict("booked_already", _("您已经有这场活动的席位，积分没有变动。"))


def why_not_take(event, talent, at):
    """Say why she cannot have a seat of an event for points now."""
    if error := rules.why_not_take_seat(event, talent, at):
        return error
    if event.bookings.active().filter(talent=talent).exists():
        return _booked()
    if event.is_full:
        return Conflict("event_full", _("席位已满，积分没有变动；有人取消后可以再来兑换。"))
    return None


def follow(booking, event, by, now, *, ended=False, too_late=False):
    """Bring the voucher to what became of a seat; the caller holds the event's lock. Nothing where it was not paid for.

    `ended`: the seat is hers no more. `too_late`: she gave it back herself, later than the rule she was shown allows.
    """
    if not event.points_only:
        return
    paid = PaidSeat.objects.select_related("redemption").filter(booking=booking).first()
    if paid is None:
        return
    state = "cancelled" if ended else OUTCOMES.get(booking.state)
    if ended and too_late and rules.is_too_late(paid, event, now):
        state = "forfeited"
    if state:
        settle_seat(redemption=paid.redemption, state=state, by=by, now=now)
