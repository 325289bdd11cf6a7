"""Any order of earning, spending, cancelling, fulfilling, running out, merging and repeating keeps the ledger whole.

Eight runs of twenty steps, always the same ones; LEDGER_STEPS=3000 asks for so many, at random (care_points/README.md).
"""

import os
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from care_points import lots, operations
from care_points.models import Entry, Redemption
from care_points.reconciliation import reconcile
from kernel.errors import DomainError
from talents.models import Merge
from talents.operations import merge_records, undo_merge
from tests import factories
from tests.care_points import make
from tests.factories import NOW

STEPS = 20
DEPTH = int(os.environ.get("LEDGER_STEPS", 0))


class Ledger(RuleBasedStateMachine):
    """One woman, two services, and a model of what she should have."""

    causes = Bundle("causes")
    clicks = Bundle("clicks")

    @initialize()
    def start(self):
        """Open the cast; every run has its own, in one transaction that is thrown away."""
        self.operator = factories.user()
        station = make.station(self.operator)
        self.talent = factories.talent()
        self.services = [make.service(station=station, cost=cost) for cost in (7, 20)]
        self.points, self.now, self.made, self.earned = 0, NOW, {}, {}
        # What the programme bore (+) and got back (−), in order; how much of it each voucher knew.
        self.borne, self.known = [], {}
        make.give(self.talent, 1)
        self.points = 1

    @rule(target=causes, points=st.sampled_from([3, 10, 25]))
    def earn(self, points):
        """Points for a new cause."""
        transfer = make.give(self.talent, points, now=self.now)
        self.points += points
        self.earned[transfer.key] = (transfer, points)
        return transfer.key

    @rule(key=causes)
    def earn_again(self, key):
        """The same cause once more gives nothing."""
        transfer, points = self.earned[key]
        assert make.give(self.talent, points, now=self.now, key=key) == transfer

    @rule(key=consumes(causes))
    def take_back(self, key):
        """A revoked cause takes what is there and never more."""
        transfer, points = self.earned[key]
        for _ in range(2):
            operations.reverse(transfer=transfer, reason="x", by=None, now=self.now)
        if points > self.points:
            self.borne.append(points - self.points)
        self.points = max(0, self.points - points)

    def given_back(self, voucher):
        """A voucher's points return, less what was revoked after it was paid."""
        lost = min(max(0, sum(self.borne[self.known[voucher.pk] :])), voucher.cost)
        if lost:
            self.borne.append(-lost)
        self.points += voucher.cost - lost

    @rule(target=clicks, which=st.integers(0, 1), key=st.uuids().map(str))
    def click(self, which, key):
        """She confirms a redemption; the model knows whether it may work."""
        service = self.services[which]
        if self.points < service.cost:
            with pytest.raises(DomainError) as refusal:
                make.redeem(self.talent, service, now=self.now, key=key)
            assert refusal.value.code == "not_enough_points"
        else:
            self.made[key] = make.redeem(self.talent, service, now=self.now, key=key)
            self.points -= service.cost
            self.known[self.made[key].pk] = len(self.borne)
        return which, key

    @rule(click=clicks, other=st.booleans())
    def click_again(self, click, other):
        """The same click again, for the same service or another, spends nothing."""
        which, key = click
        if key not in self.made:
            return
        service = self.services[1 - which if other else which]
        if other:
            with pytest.raises(DomainError) as refusal:
                make.redeem(self.talent, service, now=self.now, key=key)
            assert refusal.value.code == "idempotency_key_reused"
        else:
            assert make.redeem(self.talent, service, now=self.now, key=key) == self.made[key]

    @rule(click=clicks)
    def cancel(self, click):
        """Cancelling gives back once; a used voucher stays used."""
        if not (voucher := self.made.get(click[1])):
            return
        before = Redemption.objects.get(pk=voucher.pk)
        if before.state == "fulfilled":
            with pytest.raises(DomainError):
                operations.cancel_redemption(redemption=voucher, by=None, now=self.now)
            return
        operations.cancel_redemption(redemption=voucher, by=self.talent.user, now=self.now)
        if before.state == "reserved":
            self.given_back(voucher)

    @rule(click=clicks)
    def fulfil(self, click):
        """The desk uses a voucher; only an unused one in time works."""
        if not (voucher := self.made.get(click[1])):
            return
        before = Redemption.objects.get(pk=voucher.pk)
        if before.state == "reserved" and self.now <= before.expires_at:
            operations.fulfil(code=voucher.code, by=self.operator, now=self.now)
        else:
            with pytest.raises(DomainError):
                operations.fulfil(code=voucher.code, by=self.operator, now=self.now)

    @rule(days=st.integers(1, 40))
    def days_pass(self, days):
        """Time goes by and the sweep runs."""
        self.now += timedelta(days=days)
        for voucher in (
            Redemption.objects.filter(talent=self.talent).overdue(self.now).order_by("pk")
        ):
            operations.expire_redemption(redemption=voucher, now=self.now)
            self.given_back(voucher)

    @rule()
    def points_run_out(self):
        """The nightly sweep takes what has run out, once; what is left is as long-lived as it says."""
        account = self.talent.points_account
        gone = lots.overdue(account, self.now)
        transfer = operations.expire_points(account=account, now=self.now)
        assert (transfer is not None) == (gone > 0)
        assert operations.expire_points(account=account, now=self.now) is None
        self.points -= gone
        assert lots.overdue(account, self.now) == 0

    @rule(months=st.integers(12, 37))
    def years_pass(self, months):
        """So long that points run out, with the vouchers that were not used before."""
        self.days_pass(months * 31)

    @rule(points=st.sampled_from([0, 4, 30]), spent=st.booleans())
    def merge(self, points, spent):
        """Another record of hers comes into this one, with what is left of its points."""
        other = factories.talent(user=None)
        if points:
            make.give(other, points, now=self.now)
        if points == 30 and spent:
            self.spend_there(other)
            points -= 7
        merge_records(
            keep=self.talent, lose=other, reason="电话核实是同一人", by=None, now=self.now
        )
        self.points += points
        self.merged = (Merge.objects.latest("pk"), points)
        assert make.balance(other) == 0

    def spend_there(self, other):
        """Have a voucher of the other record used before."""
        service = self.services[0]
        asked = {"idempotency_key": f"there-{other.pk}", "expected_cost": service.cost}
        voucher = operations.redeem(talent=other, service=service, by=None, now=self.now, **asked)
        operations.fulfil(code=voucher.code, by=self.operator, now=self.now)

    @precondition(lambda self: getattr(self, "merged", None))
    @rule()
    def undo_merge(self):
        """They are two again, unless the points that came are used up."""
        merge, points = self.merged
        self.merged = None
        if points > self.points:
            with pytest.raises(DomainError) as refusal:
                undo_merge(merge=merge, reason="经核对不是同一人", by=None, now=self.now)
            assert refusal.value.code == "points_spent"
            return
        undo_merge(merge=merge, reason="经核对不是同一人", by=None, now=self.now)
        self.points -= points
        assert make.balance(merge.lost) == points

    @invariant()
    def the_ledger_is_whole(self):
        """Balance as modelled and never negative; all transfers sum to zero; every voucher paid once."""
        if not hasattr(self, "talent"):
            return
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert make.balance(self.talent) == self.points >= 0
        kept = lots.lots(self.talent.points_account)
        assert sum(lot.left for lot in kept) == self.points
        assert min(lot.left for lot in kept) >= 0
        mine = Entry.objects.filter(account__talent=self.talent)
        spent = -sum(e.amount for e in mine.filter(transfer__kind="redeemed"))
        assert spent == sum(v.cost for v in self.made.values())
        assert min(mine.values_list("balance_after", flat=True)) >= 0
        assert reconcile().sound


@pytest.mark.django_db
def test_no_sequence_of_steps_breaks_the_ledger():
    deep = {"max_examples": DEPTH // STEPS, "derandomize": False} if DEPTH else {}
    asked = {"max_examples": 8, "derandomize": True} | deep
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            **asked,
        ),
    )
