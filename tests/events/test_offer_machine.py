"""Any order of asking, approving, offering, answering and letting time pass keeps seats and queue right.

So it does with seats kept for a unit or the women's track, with guests, with children who are looked after, and where
seats and places go to colleagues and units name their people.
"""

from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from events import operations
from events.models import ENDED_STATES, HELD_STATES
from kernel.errors import Conflict, Invalid, Refused
from tests import factories
from tests.factories import NOW, timedelta

WOMEN = 6
women = st.integers(0, WOMEN - 1)
HELD = ("confirmed", "offered")


class Row(list):
    """[woman, state, until], who asked for the track or not, her children, and whether they are looked after."""

    wants_track, children, given = False, 0, False


def most_in_pools(rows, may, left):
    """Return how many of `rows` can sit on kept seats at most, every way tried; `left` is {pool: seats}."""
    if not rows:
        return 0
    first, *rest = rows
    ways = [most_in_pools(rest, may, left)]
    for pool in may(first):
        if left.get(pool, 0):
            ways.append(1 + most_in_pools(rest, may, left | {pool: left[pool] - 1}))
    return max(ways)


class Offers(RuleBasedStateMachine):
    """The real operations beside a plain model: Rows in the order they asked."""

    @initialize(
        capacity=st.integers(2, 5),
        approved=st.sampled_from([False, False, True]),
        hours=st.sampled_from([0, 2, 24]),
        childcare=st.integers(0, 3),
        kept=st.sampled_from([{}, {0: 1}, {0: 1, "track": 1}]),
        first=st.permutations(range(WOMEN)).map(lambda order: order[:3]),
    )
    def begin(self, capacity, approved, hours, childcare, kept, first):
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now, self.hours, self.approved, self.capacity = NOW, hours, approved, capacity
        self.event = factories.event(
            capacity=capacity,
            starts_at=NOW + timedelta(days=40),
            needs_approval=approved,
            offer_hours=hours,
            childcare_places=childcare,
        )
        self.childcare, self.guests, self.pools = childcare, 0, {}
        self.units = [factories.unit(), factories.unit()]
        self.clerk = self.event.organiser
        self.talents = [factories.talent(unit=self.units[n]) for n in (0, 0, 0, 1, 1, 1)]
        for talent in self.talents:
            factories.consent(talent.user, "unit_sharing")
        self.rows, self.sent = [], 0
        for whom, seats in kept.items():
            self.keep_seats(whom, seats)
        for woman in first:
            self.book(woman, wants_track=False, children=0)

    def teardown(self):
        if hasattr(self, "event"):
            self.call_off()
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def call_off(self):
        """Cancel the event, whatever it came to: all that stood ends, what had ended stays, every count is nought."""
        operations.cancel_event(event=self.event, reason="暴雨", by=self.clerk, now=self.now)
        ended = [row[1] if row[1] in ENDED_STATES else "called_off" for row in self.rows]
        found = self.event.bookings.order_by("place")
        assert list(found.values_list("state", flat=True)) == ended
        self.event.refresh_from_db()
        counts = (self.event.seats_taken, self.event.waiting, self.event.childcare_taken)
        assert (*counts, self.event.kept) == (0, 0, 0, sum(self.pools.values()))

    # --- the model ---
    def holders(self):
        return [row for row in self.rows if row[1] in HELD]

    def held(self):
        return len(self.holders())

    def may(self, row):
        return [self.units[row[0] // 3].pk, *(["track"] if row.wants_track else [])]

    def kept(self, holders):
        sitting = most_in_pools(holders, self.may, self.pools)
        return sum(self.pools.values()) - sitting

    def free(self):
        """Return the seats that are nobody's and kept for nobody."""
        return self.capacity - self.guests - self.held() - self.kept(self.holders())

    def may_sit(self, row):
        others = self.holders()
        return self.free() > 0 or self.kept([*others, row]) < self.kept(others)

    def may_sit_instead(self, row, leaving):
        """Tell whether she may sit once those have left."""
        others = [other for other in self.holders() if not any(other is gone for gone in leaving)]
        kept = self.kept(others)
        free = self.capacity - self.guests - len(others) - kept
        return free > 0 or self.kept([*others, row]) < kept

    def waiting(self):
        return [row for row in self.rows if row[1] == "waitlisted"]

    def of(self, woman):
        return next((r for r in self.rows if r[0] == woman and r[1] not in ENDED_STATES), None)

    def one(self, number):
        """Return one of the rows that stand, or None where none does."""
        rows = [row for row in self.rows if row[1] not in ENDED_STATES]
        return rows[number % len(rows)] if rows else None

    def seat_or_place(self, row):
        assert not any(self.may_sit(other) for other in self.waiting())
        return "confirmed" if self.may_sit(row) else "waitlisted"

    def move_up(self):
        for row in self.waiting():
            if self.may_sit(row):
                until = self.event.offer_end(self.now)
                row[1:] = ["offered", until] if until else ["confirmed", None]
        self.look_after()

    def looked_after(self):
        return sum(row.children for row in self.holders() if row.given)

    def look_after(self):
        for row in self.holders():
            if not row.given and 0 < row.children <= self.childcare - self.looked_after():
                row.given = True

    def booking(self, row):
        return self.event.bookings.get(place=self.rows.index(row) + 1)

    # --- the steps ---
    @rule(woman=women, wants_track=st.booleans(), children=st.integers(0, 2))
    def book(self, woman, wants_track, children):
        talent, row = self.talents[woman], self.of(woman)
        children = children if self.childcare else 0
        asks = {"wants_track": wants_track, "children": children}
        booking = operations.book(
            event=self.event, talent=talent, by=talent.user, now=self.now, **asks
        )
        if row is None:
            row = Row([woman, "pending", None])
            row.wants_track, row.children = wants_track, children
            row[1] = "pending" if self.approved else self.seat_or_place(row)
            self.rows.append(row)
            self.look_after()
        assert (booking.state, booking.place) == (row[1], self.rows.index(row) + 1)

    @rule(number=women)
    def give_back(self, number):
        row = self.one(number)
        if row is None:
            return
        by = self.talents[row[0]].user
        operations.cancel_booking(booking=self.booking(row), by=by, now=self.now)
        row[1:] = ["declined" if row[1] == "offered" else "cancelled", None]
        row.given = False
        self.move_up()

    @rule(number=women)
    def accept(self, number):
        row = self.one(number)
        if row is None:
            return
        accept = {"booking": self.booking(row), "by": self.talents[row[0]].user, "now": self.now}
        if row[1] in HELD and (row[2] is None or self.now < row[2]):
            operations.accept_offer(**accept)
            row[1:] = ["confirmed", None]
        else:
            with pytest.raises(Conflict):
                operations.accept_offer(**accept)

    @rule(number=women, woman=women)
    def hand_on(self, number, woman):
        row = self.one(number)
        if row is None:
            return
        given, talent, hers = self.booking(row), self.talents[woman], self.of(woman)
        hand_on = {"booking": given, "by": self.talents[row[0]].user, "now": self.now}
        if self.approved or row[1] not in ("confirmed", "waitlisted"):
            with pytest.raises(Conflict):
                operations.hand_on(**hand_on)
            return
        transfer = operations.hand_on(**hand_on)
        take = {"transfer": transfer, "talent": talent, "by": talent.user, "now": self.now}
        taken = Row([woman, row[1], None])
        taken.wants_track = row.wants_track
        seat = row[1] == "waitlisted" or self.may_sit_instead(taken, [row, hers])
        if hers is row or not seat or (hers and hers[1] == "confirmed"):
            with pytest.raises((Conflict, Refused)):
                operations.accept_transfer(**take)
            return
        operations.accept_transfer(**take)
        if hers:
            hers[1:] = ["cancelled", None]
            hers.given = False
        self.rows[self.rows.index(row)] = taken
        row[1:] = ["handed_on", None]
        row.given = False
        self.rows.append(row)
        self.move_up()

    @rule(whose=st.integers(0, 1), order=st.permutations(range(3)), count=st.integers(1, 3))
    def name_people(self, whose, order, count):
        named = [3 * whose + n for n in order[:count]]
        self.sent += 1
        name = {"unit_id": self.units[whose].pk, "event": self.event, "now": self.now}
        name |= {"codes": [self.talents[n].code for n in named], "key": f"people-{self.sent}"}
        if self.approved:
            with pytest.raises(Conflict):
                operations.name_people(**name)
            return
        assert operations.name_people(**name)["asked"] == count
        known = {row[0] for row in self.rows}
        until = self.event.offer_end(self.now, self.hours or 48)
        for woman in [woman for woman in named if woman not in known]:
            row = Row([woman, "offered", until])
            if self.may_sit(row):
                self.rows.append(row)
        self.look_after()

    @rule(number=women, let_in=st.booleans())
    def decide(self, number, let_in):
        row = self.one(number)
        if row is None:
            return
        decide = {"booking": self.booking(row), "by": self.clerk, "now": self.now}
        step = operations.approve_booking if let_in else operations.refuse_booking
        decide |= {} if let_in else {"reason": "名额有限"}
        if row[1] != "pending":
            with pytest.raises(Conflict):
                step(**decide)
            return
        step(**decide)
        row[1] = self.seat_or_place(row) if let_in else "refused"
        self.look_after()

    @rule(hours=st.sampled_from([1, 5, 13, 30]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def the_clock_comes_by(self):
        operations.expire_offers(event=self.event, now=self.now)
        for row in self.rows:
            if row[1] == "offered" and row[2] <= self.now:
                row[1:] = ["expired", None]
                row.given = False
        self.move_up()

    @rule(capacity=st.integers(1, 6))
    def change_capacity(self, capacity):
        change = {"event": self.event, "capacity": capacity, "by": self.clerk, "now": self.now}
        if capacity < self.capacity - self.free():
            with pytest.raises(Invalid):
                operations.change_capacity(**change)
            return
        operations.change_capacity(**change)
        if capacity != self.capacity:
            self.capacity = capacity
            self.move_up()

    @rule(whom=st.sampled_from([0, 1, "track"]), seats=st.integers(1, 3))
    def set_seats_apart(self, whom, seats):
        self.keep_seats(whom, seats)

    def keep_seats(self, whom, seats):
        unit = None if whom == "track" else self.units[whom]
        key = unit.pk if unit else "track"
        pool = self.event.pools.closed().filter(unit=unit).first()
        may = {"seats": seats, "by": self.clerk, "now": self.now}
        if pool is None:
            may |= {"event": self.event, "kind": "unit" if unit else "track", "unit": unit}
        step = partial(operations.edit_pool, pool=pool) if pool else operations.add_pool
        taken = pool.taken if pool else 0
        if seats < taken or seats - self.pools.get(key, 0) > self.free():
            with pytest.raises(Invalid):
                step(**may)
            return
        step(**may)
        self.pools[key] = seats
        self.move_up()

    @rule(whom=st.sampled_from([0, 1, "track"]))
    def open_seats(self, whom):
        unit = None if whom == "track" else self.units[whom]
        pool = self.event.pools.closed().filter(unit=unit).first()
        if pool is None:
            return
        operations.open_pool(pool=pool, by=self.clerk, now=self.now)
        del self.pools[unit.pk if unit else "track"]
        self.move_up()

    @rule(guests=st.integers(0, 3))
    def guests_come(self, guests):
        change = {"event": self.event, "by": self.clerk, "now": self.now}
        if guests - self.guests > self.free():
            with pytest.raises(Invalid):
                operations.set_guests(women=guests, men=0, **change)
            return
        operations.set_guests(women=guests, men=0, **change)
        if guests != self.guests:
            self.guests = guests
            self.move_up()

    @rule(number=women, children=st.integers(0, 3))
    def change_childcare(self, number, children):
        row = self.one(number)
        if row is None or not self.childcare:
            return
        change = {"booking": self.booking(row), "by": self.talents[row[0]].user, "now": self.now}
        more = children - row.children
        if row.given and more > self.childcare - self.looked_after():
            with pytest.raises(Conflict):
                operations.change_childcare(children=children, **change)
            return
        operations.change_childcare(children=children, **change)
        if more:
            row.children, row.given = children, row.given and children > 0
            self.look_after()

    @invariant()
    def the_rows_are_those_of_the_model(self):
        if not hasattr(self, "event"):
            return
        found = self.event.bookings.order_by("place")
        order = {talent.pk: number for number, talent in enumerate(self.talents)}
        assert [[order[b.talent_id], b.state, b.offer_ends_at] for b in found] == self.rows
        given = [b.has_childcare for b in found]
        assert given == [row.given and row[1] in HELD for row in self.rows]
        self.event.refresh_from_db()
        counts = (self.event.seats_taken, self.event.waiting, self.event.last_place)
        assert counts == (self.held(), len(self.waiting()), len(self.rows))
        assert (self.event.kept, self.event.seats_free) == (self.kept(self.holders()), self.free())
        assert self.event.childcare_taken == self.looked_after() <= self.childcare
        assert self.held() + self.guests + self.event.kept <= self.capacity
        assert not any(self.may_sit(row) for row in self.waiting())
        for pool in self.event.pools.closed():
            held = self.event.bookings.filter(state__in=HELD_STATES, pool=pool).count()
            assert held == pool.taken <= pool.seats


@pytest.mark.django_db
def test_any_order_of_steps_keeps_seats_offers_and_queue_right():
    run_state_machine_as_test(
        Offers,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
