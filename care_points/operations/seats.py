"""What becomes of points that were spent on a seat: the app of the events says what became of the seat."""

from django.db import transaction

from care_points import letters, tallies
from care_points.models import RedemptionState
from care_points.operations.spending import give_back, lock
from privacy import audit

RESERVED, FULFILLED = RedemptionState.RESERVED, RedemptionState.FULFILLED
NO_SHOW, FORFEITED = RedemptionState.NO_SHOW, RedemptionState.FORFEITED
# From which states a seat leads to which; a seat given back has its points back, and stays so.
LEADS = {
    RESERVED: (FULFILLED, NO_SHOW),
    FULFILLED: (RESERVED, NO_SHOW),
    NO_SHOW: (RESERVED, FULFILLED),
    FORFEITED: (RESERVED,),
    RedemptionState.CANCELLED: (RESERVED,),
}
VERBS = {
    RESERVED: "care_points.undo_fulfilment",
    FULFILLED: "care_points.fulfil",
    NO_SHOW: "care_points.mark_absent",
    FORFEITED: "care_points.forfeit",
}


@transaction.atomic
def settle_seat(*, redemption, state, by, now):
    """Bring the voucher of a seat to what became of the seat; returns the Redemption.

    `state` is reserved (hers), fulfilled (she came), no_show, forfeited (given back too late) or cancelled (points
    back). For operations of the app of the events, which hold the event's lock and have decided that `by` may. What
    leads nowhere, or was done before, changes nothing.
    """
    account, redemption = lock(redemption)
    if redemption.state not in LEADS[state]:
        return redemption
    if state == RedemptionState.CANCELLED:
        return give_back(account, redemption, state, by, now)
    if redemption.state == FULFILLED:
        tallies.unused(redemption)
    redemption.state = state
    came, ended = state == FULFILLED, state in (NO_SHOW, FORFEITED)
    # Who checked herself in stands for herself.
    redemption.fulfilled_by = (by or redemption.talent.user) if came else None
    redemption.fulfilled_at = now if came else None
    redemption.ended_at = now if ended else None
    redemption.save(update_fields=["state", "fulfilled_by", "fulfilled_at", "ended_at"])
    if came:
        tallies.used(redemption, now)
    audit.record(VERBS[state], redemption, by=by, at=now, points=redemption.cost)
    if state == FORFEITED:
        letters.send(letters.forfeited(redemption), now)
    elif state == NO_SHOW:
        letters.send(letters.absent(redemption), now)
    return redemption
