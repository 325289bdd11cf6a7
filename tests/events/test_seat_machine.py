"""Any order of booking, cancelling, changing seats and checking in keeps seats and queue right."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from care_points.models import PointsAccount
from events import operations
from events.models import Booking
from kernel.errors import Conflict, Invalid
from notices.models import Notice
from tests import factories
from tests.factories import NOW, timedelta

WOMEN = 6
women = st.integers(0, WOMEN - 1)


class Seats(RuleBasedStateMachine):
    """The real operations beside a plain model: who sits, who waits in which order, who came."""

    @initialize(capacity=st.integers(1, 3))
    def begin(self, capacity):
        self.block = transaction.atomic()
        self.block.__enter__()
        # Today at 14:00, now it is 10:00: booking is open and the door is too.
        self.event = factories.event(capacity=capacity, starts_at=NOW + timedelta(hours=4))
        self.clerk = self.event.organiser
        self.talents = [factories.talent() for _ in range(WOMEN)]
        self.capacity, self.seated, self.queue, self.came = capacity, [], [], set()
        self.rows, self.promotions = 0, 0

    def teardown(self):
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def active(self, woman):
        return Booking.objects.active().filter(talent=self.talents[woman]).first()

    def move_up(self):
        while self.queue and len(self.seated) < self.capacity:
            self.seated.append(self.queue.pop(0))
            self.promotions += 1

    @rule(woman=women, key=st.sampled_from([None, "tab"]))
    def book(self, woman, key):
        talent = self.talents[woman]
        has_place = woman in self.seated or woman in self.queue
        used = key and Booking.objects.filter(talent=talent, idempotency_key=key).first()
        booking = operations.book(event=self.event, talent=talent, by=talent.user, now=NOW, key=key)
        if used:
            assert booking == used
        elif not has_place:
            self.rows += 1
            full = self.queue or len(self.seated) >= self.capacity
            (self.queue if full else self.seated).append(woman)
            assert booking.state == ("waitlisted" if full else "confirmed")

    @rule(woman=women)
    def cancel(self, woman):
        booking = self.active(woman)
        if booking is None:
            return
        cancel = {"booking": booking, "by": self.talents[woman].user, "now": NOW}
        if woman in self.came:
            with pytest.raises(Conflict):
                operations.cancel_booking(**cancel)
            return
        operations.cancel_booking(**cancel)
        (self.seated if woman in self.seated else self.queue).remove(woman)
        self.move_up()

    @rule(capacity=st.integers(0, 5))
    def change_capacity(self, capacity):
        change = {"event": self.event, "capacity": capacity, "by": self.clerk, "now": NOW}
        if capacity < max(1, len(self.seated)):
            with pytest.raises(Invalid):
                operations.change_capacity(**change)
            return
        operations.change_capacity(**change)
        self.capacity = capacity
        self.move_up()

    @rule()
    def promote(self):
        assert operations.promote(event=self.event, by=None, now=NOW) == []

    @rule(woman=women)
    def check_in(self, woman):
        booking = self.active(woman)
        if booking is None:
            return
        if woman in self.queue:
            with pytest.raises(Conflict):
                operations.check_in(booking=booking, by=self.clerk, now=NOW)
            return
        arrival = operations.check_in(booking=booking, by=self.clerk, now=NOW)
        assert arrival.again == (woman in self.came)
        self.came.add(woman)
        assert (arrival.arrived, arrival.expected) == (len(self.came), len(self.seated))

    @precondition(lambda self: self.came)
    @rule(data=st.data())
    def undo(self, data):
        woman = data.draw(st.sampled_from(sorted(self.came)))
        operations.undo_check_in(booking=self.active(woman), by=self.clerk, now=NOW)
        self.came.remove(woman)

    @invariant()
    def seats_and_queue_are_those_of_the_model(self):
        if not hasattr(self, "event"):
            return
        self.event.refresh_from_db()
        state = (self.event.seats_taken, self.event.waiting, self.event.capacity)
        assert state == (len(self.seated), len(self.queue), self.capacity)
        assert len(self.seated) <= self.capacity
        assert not self.queue or len(self.seated) == self.capacity
        order = {talent.pk: number for number, talent in enumerate(self.talents)}
        confirmed = Booking.objects.seated().values_list("talent", flat=True)
        assert sorted(order[pk] for pk in confirmed) == sorted(self.seated)
        waiting = Booking.objects.in_queue().with_queue_rank()
        assert [(order[b.talent_id], b.queue_rank()) for b in waiting] == [
            (woman, rank) for rank, woman in enumerate(self.queue, 1)
        ]

    @invariant()
    def everybody_is_told_once(self):
        if not hasattr(self, "event"):
            return
        first_notices = Notice.objects.filter(
            kind__in=["events.booked", "events.waitlisted"]
        ).count()
        promoted = Notice.objects.filter(kind="events.promoted").count()
        assert (first_notices, promoted) == (self.rows, self.promotions)

    @invariant()
    def points_are_held_by_those_who_came(self):
        if not hasattr(self, "event"):
            return
        held = PointsAccount.objects.filter(kind="talent", balance__gt=0)
        came = {self.talents[woman].pk for woman in self.came}
        assert set(held.values_list("talent", flat=True)) == came


@pytest.mark.django_db
def test_any_order_of_steps_keeps_seats_and_queue_right():
    run_state_machine_as_test(
        Seats,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
