"""Whatever she, the bank, the officer and time do in whatever order, an introduction keeps its rules."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from entrepreneurship.finance import operations
from entrepreneurship.finance import referrals_rules as rules
from entrepreneurship.finance.models import OPEN, Referral, ReferralStep
from kernel.errors import DomainError
from privacy.models import Consent
from tests.entrepreneurship import finance_make as make

pytestmark = pytest.mark.django_db
ORDER = ("introduced_on", "received_on", "contacted_on", "approved_on", "disbursed_on")


class Introductions(RuleBasedStateMachine):
    """One venture, two banks, all who act on it, and the clock."""

    @initialize()
    def begin(self):
        """Make the banks and the venture."""
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = make.NOW
        self.products = [make.shown(make.bank(name)) for name in ("甲银行", "乙银行")]
        asks = make.asks(self.products[0])
        self.venture = asks["venture"]
        self.contacts = [make.contact(one.bank) for one in self.products]

    def teardown(self):
        """Leave nothing behind."""
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def attempt(self, operation, **given):
        """Call an operation; a refusal writes nothing."""
        before = ReferralStep.objects.count()
        try:
            with transaction.atomic():
                operation(**given, now=self.now)
        except DomainError:
            assert ReferralStep.objects.count() == before

    def newest(self):
        """Return the newest introduction, or None."""
        return Referral.objects.order_by("-pk").first()

    @rule(bank=st.integers(0, 1), way=st.sampled_from(["carry", "call"]))
    def introduce(self, bank, way):
        """She asks a bank."""
        given = make.asks(self.products[bank], self.venture, way=way)
        self.attempt(operations.introduce, **given, by=self.venture.talent.user)

    @rule(answer=st.sampled_from(sorted(rules.NEXT)), late=st.integers(0, 2))
    def answer(self, answer, late):
        """A bank answers, by whichever door fits."""
        if (one := self.newest()) is None:
            return
        if answer == "received" and one.way == "carry":
            bank = [product.bank_id for product in self.products].index(one.bank_id)
            self.attempt(operations.receive_code, code=one.code, by=self.contacts[bank])
            return
        given = {"reason": "documents"} if answer == "declined" else {}
        on = timezone.localdate(self.now) - timedelta(days=late)
        self.attempt(
            operations.answer_referral, referral=one, answer=answer, on=on, by=None, **given
        )

    @rule(officer=st.booleans())
    def take_back(self, officer):
        """The bank or the officer takes an answer back."""
        if (one := self.newest()) is None:
            return
        if officer:
            self.attempt(operations.correct_answer, referral=one, reason="银行来电更正", by=None)
        else:
            self.attempt(operations.undo_answer, referral=one, by=None)

    @rule(refuses=st.booleans())
    def end(self, refuses):
        """She withdraws, or does not take it."""
        if one := self.newest():
            end = operations.refuse_offer if refuses else operations.withdraw_referral
            self.attempt(end, referral=one, by=None)

    @rule(days=st.sampled_from([1, 6, 31, 95]))
    def wait(self, days):
        """Time passes, and the clock does its work."""
        self.now += timedelta(days=days)
        for one in Referral.objects.to_lapse(self.now):
            operations.lapse_referral(referral=one, now=self.now)

    @invariant()
    def keeps_its_rules(self):
        """One under way, three at most, days in order, nothing left of what ended by her, every change a row."""
        rows = list(Referral.objects.order_by("pk"))
        assert sum(one.state in OPEN for one in rows) <= 1
        assert [one.number for one in rows] == list(range(1, len(rows) + 1))[:3]
        for one in rows:
            known = [getattr(one, name) for name in ORDER]
            told = [day for day in known if day]
            assert told == sorted(told)
            assert known[: len(told)] == told or one.state not in OPEN
            if one.state in ("withdrawn", "lapsed"):
                assert one.contents is None
                assert not rules.may_read(one, self.now)
            steps = list(one.steps.order_by("pk"))
            assert steps[-1].state == one.state
            assert [a.state for a in steps[:-1]] == [b.before for b in steps[1:]]
            if one.way == "call" and one.state == "withdrawn":
                answers = Consent.objects.filter(about=one.code).order_by("-pk")
                assert answers.first().granted is False


def test_introductions_keep_their_rules():
    run_state_machine_as_test(
        Introductions,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
