"""Any order of asking, approving, offering, answering and letting time pass keeps seats and queue right."""

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
from events.models import ENDED_STATES
from kernel.errors import Conflict, Invalid
from tests import factories
from tests.factories import NOW, timedelta

WOMEN = 5
women = st.integers(0, WOMEN - 1)
HELD = ("confirmed", "offered")


class Offers(RuleBasedStateMachine):
    """The real operations beside a plain model: rows [woman, state, until] in the order they asked."""

    @initialize(
        capacity=st.integers(1, 3), approved=st.booleans(), hours=st.sampled_from([0, 2, 24])
    )
    def begin(self, capacity, approved, hours):
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now, self.hours, self.approved, self.capacity = NOW, hours, approved, capacity
        self.event = factories.event(
            capacity=capacity,
            starts_at=NOW + timedelta(days=40),
            needs_approval=approved,
            offer_hours=hours,
        )
        self.clerk = self.event.organiser
        self.talents = [factories.talent() for _ in range(WOMEN)]
        self.rows = []

    def teardown(self):
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    # --- the model ---
    def held(self):
        return sum(row[1] in HELD for row in self.rows)

    def waiting(self):
        return [row for row in self.rows if row[1] == "waitlisted"]

    def of(self, woman):
        return next((r for r in self.rows if r[0] == woman and r[1] not in ENDED_STATES), None)

    def seat_or_place(self):
        return "waitlisted" if self.waiting() or self.held() >= self.capacity else "confirmed"

    def move_up(self):
        for row in self.waiting()[: max(self.capacity - self.held(), 0)]:
            until = self.event.offer_end(self.now)
            row[1:] = ["offered", until] if until else ["confirmed", None]

    def booking(self, row):
        return self.event.bookings.get(place=self.rows.index(row) + 1)

    # --- the steps ---
    @rule(woman=women)
    def book(self, woman):
        talent, row = self.talents[woman], self.of(woman)
        booking = operations.book(event=self.event, talent=talent, by=talent.user, now=self.now)
        if row is None:
            row = [woman, "pending" if self.approved else self.seat_or_place(), None]
            self.rows.append(row)
        assert (booking.state, booking.place) == (row[1], self.rows.index(row) + 1)

    @rule(woman=women)
    def give_back(self, woman):
        row = self.of(woman)
        if row is None:
            return
        by = self.talents[woman].user
        operations.cancel_booking(booking=self.booking(row), by=by, now=self.now)
        row[1:] = ["declined" if row[1] == "offered" else "cancelled", None]
        self.move_up()

    @rule(woman=women)
    def accept(self, woman):
        row = self.of(woman)
        if row is None:
            return
        accept = {"booking": self.booking(row), "by": self.talents[woman].user, "now": self.now}
        if row[1] in HELD and (row[2] is None or self.now < row[2]):
            operations.accept_offer(**accept)
            row[1:] = ["confirmed", None]
        else:
            with pytest.raises(Conflict):
                operations.accept_offer(**accept)

    @rule(woman=women, let_in=st.booleans())
    def decide(self, woman, let_in):
        row = self.of(woman)
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
        row[1] = self.seat_or_place() if let_in else "refused"

    @rule(hours=st.sampled_from([1, 5, 13, 30]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def the_clock_comes_by(self):
        operations.expire_offers(event=self.event, now=self.now)
        for row in self.rows:
            if row[1] == "offered" and row[2] <= self.now:
                row[1:] = ["expired", None]
        self.move_up()

    @rule(capacity=st.integers(1, 4))
    def change_capacity(self, capacity):
        change = {"event": self.event, "capacity": capacity, "by": self.clerk, "now": self.now}
        if capacity < self.held():
            with pytest.raises(Invalid):
                operations.change_capacity(**change)
            return
        operations.change_capacity(**change)
        if capacity != self.capacity:
            self.capacity = capacity
            self.move_up()

    @invariant()
    def the_rows_are_those_of_the_model(self):
        if not hasattr(self, "event"):
            return
        found = self.event.bookings.order_by("place")
        order = {talent.pk: number for number, talent in enumerate(self.talents)}
        assert [[order[b.talent_id], b.state, b.offer_ends_at] for b in found] == self.rows
        self.event.refresh_from_db()
        counts = (self.event.seats_taken, self.event.waiting, self.event.last_place)
        assert counts == (self.held(), len(self.waiting()), len(self.rows))
        assert self.held() <= self.capacity
        assert not self.waiting() or self.held() == self.capacity


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
