"""Who may sit where: the kept seats of one event, and how one more finds a seat, others moving over if they must.

A seat's pool is bookkeeping, not a chair: whoever sits on a seat for everybody and could sit on one kept for her unit
moves over without noticing, so that the seat for everybody is free. A woman has to wait only when no such moves find
her a seat. Nothing here touches the database.
"""

from dataclasses import dataclass
from functools import cached_property

ALL = None  # the seats for everybody


@dataclass(eq=False)
class Sitter:
    """One woman: `pk` of her booking, the pool she sits in, the pools she may sit in, the best first."""

    pk: int | None
    pool: int | None
    may: tuple


def pools_for(pools, unit_id, wants_track):
    """Return the numbers of the pools a woman may sit in: her unit's first, then the track's, then everybody's."""
    hers = sorted((pool for pool in pools if pool.is_for(unit_id, wants_track)), key=_units_first)
    return (*(pool.pk for pool in hers), ALL)


def _units_first(pool):
    return pool.unit_id is None


class Seating:
    """The free seats of an event's pools, and who sits where.

    Arguments:
        left: {pool number, ALL for everybody's: free seats}.
        read: returns who sits by now, as Sitters; called once, and only where somebody would have to move over.
    """

    def __init__(self, left, read):
        self.left = left
        self._read = read

    @cached_property
    def sitters(self):
        """Return who sits, in the order of their places."""
        return self._read()

    def seat(self, sitter):
        """Give `sitter` a seat, a kept one rather; return [(Sitter, pool)] to be written in this order, [] for none."""
        moves = self._moves(sitter, sitter.may[:-1], avoid=ALL) or self._moves(sitter, sitter.may)
        if moves:
            *others, (_her, pool) = moves
            self._carry_out(others)
            self.left[pool] -= 1
            sitter.pool = pool
            if "sitters" in self.__dict__:
                self.sitters.append(sitter)
        return moves

    def clear_all(self):
        """Have whoever sits on a seat for everybody move to a kept one she may have; return the moves, in order."""
        done = []
        for sitter in [sitter for sitter in self.sitters if sitter.pool is ALL]:
            moves = self._moves(sitter, sitter.may[:-1], avoid=ALL)
            self._carry_out(moves)
            done += moves
        return done

    def _moves(self, sitter, may, **avoided):
        """Return the fewest moves that put `sitter` into one of `may`, the last mover first; [] where none do."""
        came = dict.fromkeys(may, sitter)
        reached = list(may)
        seen = {*may, *avoided.values()}
        for pool in reached:  # grows while it is read: the nearer pools first
            if self.left[pool] > 0:
                return self._way_back(sitter, came, pool)
            if not any(self.left[other] > 0 for other in self.left if other not in seen):
                continue
            for other in self.sitters:
                if other.pool != pool:
                    continue
                for further in other.may:
                    if further not in seen:
                        seen.add(further)
                        came[further] = other
                        reached.append(further)
        return []

    @staticmethod
    def _way_back(sitter, came, pool):
        moves = []
        while True:
            mover = came[pool]
            moves.append((mover, pool))
            if mover is sitter:
                return moves
            pool = mover.pool

    def _carry_out(self, moves):
        for mover, pool in moves:
            self.left[mover.pool] += 1
            self.left[pool] -= 1
            mover.pool = pool
