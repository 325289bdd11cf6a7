"""Banks read while women withdraw: after a withdrawal's commit no reading shows anything. Each race with its control.

24 introductions, 12 of them withdrawn; FINANCE_WOMEN=1000 FINANCE_LEAVING=300 asks for as many as a busy year brings.
"""

import os
import threading
from collections import Counter
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from entrepreneurship.finance import operations
from entrepreneurship.finance.models import Referral
from entrepreneurship.finance.operations import referrals as written
from kernel.errors import DomainError
from notices.models import Notice
from privacy.models import AuditEntry
from tests import forks
from tests.entrepreneurship import finance_make as make
from tests.entrepreneurship import make as ventures
from tests.waits import beside

pytestmark = pytest.mark.django_db(transaction=True)
NOW = make.NOW
WOMEN = int(os.environ.get("FINANCE_WOMEN", "24"))
LEAVING = int(os.environ.get("FINANCE_LEAVING", "12"))
READERS = 4


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


def many_read_while_many_withdraw(monkeypatch, women=WOMEN, leaving=LEAVING):
    """READERS read all introductions again and again while some are withdrawn, each holding its transaction a moment.

    Returns the codes a reading told the contents of though the log has its withdrawal before it, or though its withdrawal
    was committed before the reading began; and how many readings told something.
    """
    product = make.shown()
    rows = [make.referral(one=product, venture=ventures.venture()) for _n in range(women)]
    gone, committed, wrong, over = rows[:leaving], set(), set(), threading.Event()
    silence = written.letters.silence

    def slowly(*args):
        silence(*args)
        sleep(0.03)

    monkeypatch.setattr(written.letters, "silence", slowly)

    def read(start):
        try:
            while not over.is_set():
                for one in rows[start:] + rows[:start]:
                    was_over = one.pk in committed
                    told = operations.read_referral(referral=one, by=None, unit=1, now=NOW)[1]
                    if was_over and told:
                        wrong.add(one.code)
                    if over.is_set():
                        break
        finally:
            connection.close()

    def withdraw():
        try:
            for one in gone:
                operations.withdraw_referral(referral=one, by=None, now=NOW)
                committed.add(one.pk)
        finally:
            over.set()
            connection.close()

    threads = [threading.Thread(target=withdraw)]
    starts = range(0, women, -(-women // READERS))
    threads += [threading.Thread(target=read, args=(start,)) for start in starts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    assert len(committed) == leaving
    assert Referral.objects.filter(contents__isnull=False).count() == women - leaving
    return wrong | told_too_late(), told_at_all()


def told_at_all():
    """Return how many readings of the log told something."""
    read = AuditEntry.objects.filter(action="entrepreneurship.read_referral")
    return read.exclude(detail__told=[]).count()


def told_too_late():
    """Return the introductions of which the log has a reading with contents behind their withdrawal."""
    actions = ("entrepreneurship.read_referral", "entrepreneurship.withdraw_referral")
    over, late = set(), set()
    for entry in AuditEntry.objects.filter(action__in=actions).order_by("pk"):
        if entry.action == actions[1]:
            over.add(entry.object_id)
        elif entry.detail["told"] and entry.object_id in over:
            late.add(entry.object_id)
    return late


def test_many_read_while_many_withdraw_and_nothing_is_told_after_a_commit(monkeypatch):
    late, told = many_read_while_many_withdraw(monkeypatch)
    assert (late, told > WOMEN) == (set(), True)


def test_control_without_the_lock_some_are_told_behind_their_withdrawal(monkeypatch, unlocked):
    late, _told = many_read_while_many_withdraw(monkeypatch, women=LEAVING, leaving=LEAVING)
    assert late != set()


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


def two_clerks_answer():
    """Two clerks of one bank answer one introduction differently at once; returns what the second met."""
    referral = make.referral("received", "contacted")
    first, second = (make.contact(referral.bank) for _n in range(2))
    given = {"referral": referral, "now": NOW}
    met = beside(
        lambda: operations.answer_referral(answer="approved", by=first, **given),
        lambda: operations.answer_referral(answer="declined", reason="quota", by=second, **given),
    )
    return met, Referral.objects.get().state, referral.steps.count()


def test_of_two_clerks_who_answer_differently_the_second_is_told_what_stands():
    assert two_clerks_answer() == ("out_of_turn", "approved", 4)


def test_control_without_the_lock_the_second_overwrites_the_first(unlocked):
    assert two_clerks_answer() == (None, "declined_by_bank", 5)


def fourth_beside_third():
    """A third bank is asked and left at once beside a fourth; returns what the fourth met."""
    venture = ventures.venture()
    products = [make.shown(make.bank(name)) for name in ("甲银行", "乙银行", "丙银行", "丁银行")]
    for one in products[:2]:
        referral = make.referral(one=one, venture=venture, way="carry")
        operations.withdraw_referral(referral=referral, by=None, now=NOW)

    def third():
        asked = operations.introduce(
            **make.asks(products[2], venture, way="carry"), by=None, now=NOW
        )
        operations.withdraw_referral(referral=asked, by=None, now=NOW)

    fourth = make.asks(products[3], venture, way="carry")
    return beside(third, lambda: operations.introduce(**fourth, by=None, now=NOW))


def test_a_fourth_bank_asked_beside_the_third_is_refused_in_a_sentence():
    assert fourth_beside_third() == "three_banks"


def test_control_without_the_lock_the_number_is_taken_twice_and_the_constraint_refuses(unlocked):
    assert fourth_beside_third().__name__ == "IntegrityError"


def test_two_desks_that_take_one_answer_back_at_once_take_one_back():
    referral = make.referral("received", "contacted")
    met = beside(
        lambda: operations.undo_answer(referral=referral, by=None, now=NOW),
        lambda: make.say(referral, "approved"),
    )
    assert (met, Referral.objects.get().state) == ("out_of_turn", "received")


def twentieth_guess_beside_another():
    """Nineteen codes were mistyped; the twentieth is, and one more at once. Returns what that one met."""
    referral = make.referral(way="carry")
    contact = make.contact(referral.bank)

    def guess():
        operations.receive_code(code="ZZZZZZZZ", by=contact, now=NOW)

    def wrong():
        with pytest.raises(DomainError):
            guess()

    for _n in range(19):
        wrong()
    return beside(wrong, guess)


def test_guesses_side_by_side_count_one_after_the_other():
    assert twentieth_guess_beside_another() == "too_many_lookups"


def test_control_without_the_lock_a_guess_beside_is_one_too_many(unlocked):
    assert twentieth_guess_beside_another() == "code_unknown"


def follow(now, dies_at=0):
    """Let the clock's process follow introductions; returns how it ended."""
    order = {"now": now.isoformat(), "dies_at": dies_at}
    fork = forks.start("tests.entrepreneurship.dying_clock", order)
    fork.communicate()
    return fork.returncode


def test_killed_in_the_middle_of_the_sweeps_nothing_is_lost_and_nothing_twice():
    """Killed with the second of three written and not committed, then in the next sweep; then it goes through, twice."""
    bank = make.bank()
    contact, product = make.contact(bank), make.shown(bank)
    for _n in range(3):
        make.referral(one=product, venture=ventures.venture())
        carried = make.referral(one=product, venture=ventures.venture(), way="carry")
        operations.receive_code(code=carried.code, by=contact, now=NOW)
    at = NOW + timedelta(days=40)
    lapsed, reminded = (
        Referral.objects.filter(state="lapsed"),
        Referral.objects.filter(reminded_on__isnull=False),
    )
    assert (follow(at, dies_at=2), lapsed.count()) == (-9, 1)
    assert (follow(at, dies_at=4), lapsed.count(), reminded.count()) == (-9, 3, 1)
    for _run in range(2):
        assert (follow(at), lapsed.count(), reminded.count()) == (0, 3, 3)
    assert Counter(AuditEntry.objects.filter(at=at).values_list("action", flat=True)) == {
        "entrepreneurship.lapse_referral": 3,
        "entrepreneurship.remind_bank": 3,
    }
    assert Counter(Notice.objects.filter(created_at=at).values_list("kind", flat=True)) == {
        "entrepreneurship.referral_moved": 3,
        "entrepreneurship.referral_delete": 3,
        "entrepreneurship.referral_waits": 3,
    }
