"""Banks read while women withdraw: after a withdrawal's commit no reading shows anything. Each race with its control."""

import threading

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from entrepreneurship.finance import operations
from entrepreneurship.finance.models import Referral
from entrepreneurship.finance.operations import referrals as written
from tests.entrepreneurship import finance_make as make
from tests.entrepreneurship import make as ventures
from tests.waits import beside

pytestmark = pytest.mark.django_db(transaction=True)
NOW = make.NOW


@pytest.fixture
def unlocked(monkeypatch):
    """Leave every lock of an operation out: the control."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *args, **more: rows)


def withdrawn_beside_a_reading():
    """A bank reads while a withdrawal is written and not committed; returns what it was told."""
    referral, told = make.referral("received"), []

    def read():
        told.append(operations.read_referral(referral=referral, by=None, unit=1, now=NOW)[1])

    beside(lambda: operations.withdraw_referral(referral=referral, by=None, now=NOW), read)
    return told


def test_who_reads_beside_a_withdrawal_waits_for_it_and_finds_nothing():
    assert withdrawn_beside_a_reading() == [{}]


def test_control_without_the_lock_the_reading_shows_what_is_being_withdrawn(unlocked):
    (told,) = withdrawn_beside_a_reading()
    assert told["full_name"] == "王小敏"


def two_banks_at_once():
    """A founder asks two banks for one purpose at once; returns what the second met."""
    venture = ventures.venture()
    first, second = (
        make.asks(make.shown(make.bank(name)), venture, way="carry")
        for name in ("甲银行", "乙银行")
    )
    return beside(
        lambda: operations.introduce(**first, by=None, now=NOW),
        lambda: operations.introduce(**second, by=None, now=NOW),
    )


def test_of_two_banks_asked_at_once_the_second_is_refused_in_a_sentence():
    assert two_banks_at_once() == "one_bank"


def test_control_without_the_lock_only_the_constraint_refuses_it(unlocked):
    assert two_banks_at_once().__name__ == "IntegrityError"


def test_many_read_while_many_withdraw_and_nothing_is_told_after_a_commit():
    """Three read all of them again and again; what is known to be committed before a reading must not show in it."""
    product, women = make.shown(), 24
    rows = [make.referral(one=product, venture=ventures.venture()) for _n in range(women)]
    leaving, committed, wrong, over = rows[::2], set(), [], threading.Event()

    def read():
        try:
            while not over.is_set():
                for one in rows:
                    gone = one.pk in committed  # before the reading: its withdrawal is committed
                    told = operations.read_referral(referral=one, by=None, unit=1, now=NOW)[1]
                    if gone and told:
                        wrong.append(one.pk)
        finally:
            connection.close()

    def withdraw():
        try:
            for one in leaving:
                operations.withdraw_referral(referral=one, by=None, now=NOW)
                committed.add(one.pk)
        finally:
            over.set()
            connection.close()

    threads = [threading.Thread(target=step) for step in (read, read, read, withdraw)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (wrong, len(committed)) == ([], len(leaving))
    assert Referral.objects.filter(contents__isnull=False).count() == women - len(leaving)


def test_an_answer_beside_a_withdrawal_is_refused():
    referral = make.referral("received")
    met = beside(
        lambda: operations.withdraw_referral(referral=referral, by=None, now=NOW),
        lambda: make.say(referral, "contacted"),
    )
    assert met == "referral_ended"


def test_a_withdrawal_on_two_pages_at_once_ends_it_once():
    referral = make.referral("received")
    about = {"user": referral.talent.user, "purpose": "finance_referral", "about": referral.code}
    met = beside(
        lambda: written.consents.withdraw_one(**about, by=None, now=NOW),
        lambda: operations.withdraw_referral(referral=referral, by=None, now=NOW),
    )
    assert (met, referral.steps.filter(state="withdrawn").count()) == (None, 1)


def test_killed_between_the_state_and_its_step_nothing_is_written(monkeypatch):
    referral = make.referral("received")

    def dies(*args, **said):
        raise RuntimeError

    monkeypatch.setattr(written, "_step", dies)
    with pytest.raises(RuntimeError), transaction.atomic():
        make.say(referral, "contacted")
    assert Referral.objects.get().state == "received"


def test_a_code_typed_at_two_desks_at_once_is_taken_once():
    referral = make.referral(way="carry")
    people = [make.contact(referral.bank), make.contact(referral.bank)]
    type_it = [
        lambda who=who: operations.receive_code(code=referral.code, by=who, now=NOW)
        for who in people
    ]
    assert beside(*type_it) == "code_used"
