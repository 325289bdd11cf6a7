"""The seating of an event whose seats are partly kept for some, read from the database and written to it.

For operations that hold the event's lock, where `event.kept` says that a kept seat is free. Without one nothing of
this is needed: the only seats that come free are everybody's, and go to the first who waits.
"""

from functools import partial

from events.models import HELD_STATES, Booking
from events.seating import ALL, Seating, Sitter, pools_for


class KeptSeats:
    """The free seats of a locked event and who may have them; asked without the lock, as a page sees them.

    `leaving` are bookings whose seats are free as well, once they end.
    """

    def __init__(self, event, leaving=()):
        self.pools = list(event.pools.closed())
        left = {pool.pk: pool.left for pool in self.pools} | {ALL: event.seats_free}
        left_behind = [booking for booking in leaving if booking.state in HELD_STATES]
        for booking in left_behind:
            left[booking.pool_id if booking.pool_id in left else ALL] += 1
        gone = [booking.pk for booking in left_behind]
        self.seating = Seating(left, partial(_sitters, event, self.pools, gone))

    def seat(self, booking):
        """Give `booking` a seat's pool, still to be saved, others moving over if they must; tell whether there is one."""
        sitter, moves = self._found(booking.talent, booking.wants_track, booking.pk)
        _write(moves[:-1])
        booking.pool_id = sitter.pool
        return bool(moves)

    def has_one_for(self, talent, wants_track):
        """Tell whether the talent could have a seat; nothing is written."""
        _sitter, moves = self._found(talent, wants_track)
        return bool(moves)

    def _found(self, talent, wants_track, pk=None):
        """Return (her Sitter, the moves that seat her, none where nothing does)."""
        sitter = Sitter(pk, ALL, pools_for(self.pools, talent.unit_id, wants_track))
        return sitter, self.seating.seat(sitter)

    def clear_all(self):
        """Have whoever sits on a seat for everybody and may have a kept one move to it."""
        _write(self.seating.clear_all())


def _sitters(event, pools, gone):
    kept = {pool.pk for pool in pools}
    rows = event.bookings.filter(state__in=HELD_STATES).exclude(pk__in=gone).order_by("place")
    return [
        Sitter(pk, pool if pool in kept else ALL, pools_for(pools, unit, wants_track))
        for pk, pool, unit, wants_track in rows.values_list(
            "pk", "pool", "talent__unit", "wants_track"
        )
    ]


def _write(moves):
    for sitter, pool in moves:
        Booking.objects.filter(pk=sitter.pk).update(pool=pool)


def seat_the_waiting(event):
    """Yield the bookings of the queue that have a seat now, first come first; each has to be saved before the next is asked for.

    Who could only have a seat that is not free is passed by: the seat she is passed by for is none she could have.
    """
    seats = KeptSeats(event)
    seats.clear_all()
    if event.waiting:
        for booking in event.bookings.in_queue().select_related("talent__user"):
            if seats.seat(booking):
                yield booking
