"""Any order of earning, spending, cancelling, fulfilling, running out, merging and repeating keeps the ledger whole.

The model knows every single point of hers and until when it is valid; the code knows sums and reads lots out of entries.

Eight runs of twenty steps, always the same ones; LEDGER_STEPS=3000 asks for so many, at random (care_points/README.md).
"""

import os
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
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
from care_points.models import EarningRule, Entry, Redemption
from care_points.reconciliation import reconcile
from kernel import ids
from kernel.errors import DomainError
from talents.models import Merge
from talents.operations import merge_records, undo_merge
from tests import factories
from tests.care_points import make
from tests.factories import NOW

STEPS = 20
VALID = {1: 24, 3: 6, 10: 24, 25: 36}  # months, by the points a cause gives
DEPTH = int(os.environ.get("LEDGER_STEPS", 0))


@dataclass
class Earned:
    """One earning of the model; a point is a reference to its own."""

    number: int
    until: object
    revoked: bool = False


def soonest(one):
    """Return by what points are spent: revoked ones first, then what runs out soonest."""
    return not one.revoked, one.until, one.number


class Ledger(RuleBasedStateMachine):
    """One woman, two services, and a model of what she should have: `points`, a list of her points."""

    causes = Bundle("causes")
    clicks = Bundle("clicks")

    @initialize()
    def start(self):
        """Open the cast; every run has its own, in one transaction that is thrown away."""
        self.operator = factories.user()
        station = make.station(self.operator)
        self.talent = factories.talent()
        self.services = [make.service(station=station, cost=cost) for cost in (7, 20)]
        # What comes later may run out sooner, or the order of spending would be that of earning.
        for points, months in VALID.items():
            about = {"name": "测试", "unit": "event", "points": points, "valid_months": months}
            about["active_from"] = "2020-01-01"
            EarningRule.objects.get_or_create(code=f"test_{points}", defaults=about)
        self.points, self.now, self.made, self.earned, self.spent = [], NOW, {}, {}, {}
        # What the programme bore (+) and got back (−), in order; how much of it each voucher knew.
        self.borne, self.known = [], {}
        for points in (
            1,
            25,
            3,
        ):  # a voucher is paid out of several at once, the last of them first
            self.come(make.give(self.talent, points), points)

    def come(self, transfer, points, until=None):
        """Points of a new earning; `until` where it is another's that came over."""
        one = Earned(transfer.pk, until or transfer.valid_until)
        self.points += [one] * points
        return one

    def go(self, points):
        """Take so many of her points away and return them: as many as there are, in the order of spending."""
        self.points.sort(key=soonest)
        gone, self.points = self.points[:points], self.points[points:]
        return gone

    def valid(self):
        """Return her points that have not run out."""
        return [one for one in self.points if one.until >= self.now]

    @rule(target=causes, points=st.sampled_from([3, 10, 25]))
    def earn(self, points):
        """Points for a new cause."""
        transfer = make.give(self.talent, points, now=self.now)
        self.earned[transfer.key] = (transfer, points, self.come(transfer, points))
        return transfer.key

    @rule(key=causes)
    def earn_again(self, key):
        """The same cause once more gives nothing."""
        transfer, points, _one = self.earned[key]
        assert make.give(self.talent, points, now=self.now, key=key) == transfer

    @rule(key=consumes(causes))
    def take_back(self, key):
        """A revoked cause takes what is there and never more."""
        transfer, points, one = self.earned[key]
        for _ in range(2):
            operations.reverse(transfer=transfer, reason="x", by=None, now=self.now)
        if points > len(self.points):
            self.borne.append(points - len(self.points))
        one.revoked = True
        self.go(points)

    def given_back(self, voucher):
        """A voucher's points return, less what was revoked after it was paid."""
        lost = min(max(0, sum(self.borne[self.known[voucher.pk] :])), voucher.cost)
        if lost:
            self.borne.append(-lost)
        # What cannot come back are the points that run out first.
        back = sorted(self.spent[voucher.pk], key=lambda one: one.until, reverse=True)
        self.points += back[: voucher.cost - lost]

    @rule(target=clicks, which=st.integers(0, 1), key=st.uuids().map(str))
    def click(self, which, key):
        """She confirms a redemption; the model knows whether it may work."""
        service = self.services[which]
        valid = self.valid()
        if len(valid) < service.cost:
            with pytest.raises(DomainError) as refusal:
                make.redeem(self.talent, service, now=self.now, key=key)
            ran_out = len(valid) < len(self.points)
            assert refusal.value.code == ("points_ran_out" if ran_out else "not_enough_points")
        else:
            self.made[key] = make.redeem(self.talent, service, now=self.now, key=key)
            self.points = valid
            self.spent[self.made[key].pk] = self.go(service.cost)
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
            self.points = self.valid()

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
        left = self.valid()
        transfer = operations.expire_points(account=account, now=self.now)
        assert (transfer is not None) == (len(left) < len(self.points))
        assert operations.expire_points(account=account, now=self.now) is None
        self.points = left
        assert lots.overdue(account, self.now) == 0

    @rule(months=st.integers(12, 37))
    def years_pass(self, months):
        """So long that points run out, with the vouchers that were not used before."""
        self.days_pass(months * 31)

    @rule(points=st.sampled_from([0, 4, 30]), spent=st.booleans())
    def merge(self, points, spent):
        """Another record of hers comes into this one, with what is left of its points."""
        other, until = factories.talent(user=None), None
        if points:
            until = make.give(other, points, now=self.now).valid_until
        if points == 30 and spent:
            self.spend_there(other)
            points -= 7
        merge_records(
            keep=self.talent, lose=other, reason="电话核实是同一人", by=None, now=self.now
        )
        came = Entry.objects.filter(account__talent=self.talent).latest("pk").transfer
        self.merged = (Merge.objects.latest("pk"), points, self.come(came, points, until))
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
        merge, points, one = self.merged
        self.merged = None
        if points > len(self.points):
            with pytest.raises(DomainError) as refusal:
                undo_merge(merge=merge, reason="经核对不是同一人", by=None, now=self.now)
            assert refusal.value.code == "points_spent"
            return
        undo_merge(merge=merge, reason="经核对不是同一人", by=None, now=self.now)
        one.revoked = True
        self.go(points)
        assert make.balance(merge.lost) == points

    @invariant()
    def the_ledger_is_whole(self):
        """Each point valid as modelled, the balance their sum; all transfers sum to zero; every voucher paid once."""
        if not hasattr(self, "talent"):
            return
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert make.balance(self.talent) == len(self.points)
        kept = lots.lots(self.talent.points_account)
        assert min(lot.left for lot in kept) >= 0
        valid = Counter(one.until for one in self.points)
        assert dict(lots.running_out(self.talent.points_account)) == valid
        mine = Entry.objects.filter(account__talent=self.talent)
        spent = -sum(e.amount for e in mine.filter(transfer__kind="redeemed"))
        assert spent == sum(v.cost for v in self.made.values())
        assert min(mine.values_list("balance_after", flat=True)) >= 0
        assert reconcile().sound


def run(**asked):
    """Let the machine take its steps."""
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


@pytest.mark.django_db
def test_no_sequence_of_steps_breaks_the_ledger():
    deep = {"max_examples": DEPTH // STEPS, "derandomize": False} if DEPTH else {}
    run(**{"max_examples": 8, "derandomize": True} | deep)


# Faults somebody might write, each one word away from what is right.
TAKE, PUT_BACK, EARN = lots._take, lots._put_back, operations.earn


def spend_last(earned, points):
    """Spend what runs out last."""
    taken = []
    for lot in sorted(
        earned, key=lambda lot: lot.until, reverse=True
    ):  # whatever order was asked for
        taken += TAKE([lot], points - sum(part for _lot, part in taken))
    return taken


def give_back_to_the_last(taken, points):
    """Give points back to what runs out last, wherever they came from."""
    lot, _part = max(taken, key=lambda one: one[0].until)
    return PUT_BACK([(lot, points)], points)


def earn_twice(*, key, **about):
    """Give points for a cause that was rewarded before."""
    return EARN(key=f"{key}{ids.code()}", **about)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "name", "fault"),
    [
        (lots, "_take", spend_last),
        (lots, "_put_back", give_back_to_the_last),
        (operations, "earn", earn_twice),
    ],
)
def test_the_machine_finds_a_planted_fault(monkeypatch, where, name, fault):
    """The control: always the same steps, the first that disagrees ends it."""
    monkeypatch.setattr(where, name, fault)
    with pytest.raises(AssertionError):
        run(max_examples=8, derandomize=True, phases=[Phase.generate])
