"""Who leaves the database waits for events and points accounts; who holds those never waits for her record."""

import re
from contextlib import suppress
from datetime import date
from threading import Event as Signal

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import operations as accounts
from care_points import ledger
from care_points.models import Redemption
from events.models import Event
from events.operations import book, locking
from kernel import outages
from kernel.errors import DomainError
from privacy import consents
from talents import operations
from talents.models import Talent, TalentQuerySet, TalentState
from talents.operations.records import lock_own
from tests import factories
from tests.care_points import make
from tests.factories import NOW
from tests.talents.identity.test_claims import ask, reported, woman
from tests.talents.test_verification import decide_together
from tests.waits import until_waiting

pytestmark = pytest.mark.django_db(transaction=True)
LOCKS = pytest.mark.parametrize(("mended", "deadlocks"), [(True, 0), (False, 1)])

EVENT_FIRST = locking.WITH_TALENT.replace(
    "FOR NO KEY UPDATE OF talent FOR UPDATE OF event",
    "FOR UPDATE OF event FOR NO KEY UPDATE OF talent",
)


LOCK = re.compile(r'FROM "(\w+)".* FOR (NO KEY )?UPDATE', re.DOTALL)


class Outcome:
    """What a thread ended with, as decide_together reads it."""

    def __init__(self, state):
        self.state = state


def outcome(act):
    """Run a transaction; says "deadlock" where the database ended it."""
    try:
        act()
    except OperationalError as error:
        if not outages.is_deadlock(error):
            raise
        return Outcome("deadlock")
    return Outcome("done")


def side_by_side(first_lock, then, other):
    """Run `then` in a transaction that holds `first_lock`, once `other` waits for it; returns both answers."""
    held = Signal()

    def one():
        with transaction.atomic():
            first_lock()
            held.set()
            until_waiting()
            then()

    def two():
        held.wait(60)
        other()

    return decide_together([lambda: outcome(one), lambda: outcome(two)])


def as_before(mended, monkeypatch):
    """The control locks a record against rows that only name it, too."""
    if not mended:
        monkeypatch.setattr(TalentQuerySet, "locked", lambda rows: rows.select_for_update())


@LOCKS
def test_a_claim_is_undone_during_a_redemption(mended, deadlocks, monkeypatch):
    user, record = woman(), reported()
    claim = operations.grant_claim(claim=ask(user), talent=record, by=None, now=NOW)
    service = make.service(cost=10)
    hers = Talent.objects.get(pk=record.pk)
    make.give(hers, 100)
    make.redeem(hers, service)
    as_before(mended, monkeypatch)

    def redeem():
        make.redeem(hers, service)

    def undo():
        operations.undo_claim(claim=claim, reason="经核对不是本人", by=None, now=NOW)

    answers = side_by_side(lambda: ledger.lock_account(hers), redeem, undo)
    assert answers.count("deadlock") == deadlocks
    if mended:
        record.refresh_from_db()
        states = set(Redemption.objects.values_list("state", flat=True))
        assert (record.user, states) == (None, {"cancelled"})


@LOCKS
def test_she_leaves_during_her_first_check_in(mended, deadlocks, monkeypatch):
    talent, event = factories.talent(), factories.event()
    factories.consent(talent.user, "talent_database")
    booking = factories.booking(event, talent)
    as_before(mended, monkeypatch)

    def check_in():
        make.give(talent, 10)

    def leave():
        consents.withdraw(user=talent.user, purpose="talent_database", by=talent.user, now=NOW)

    answers = side_by_side(lambda: Event.objects.locked(event), check_in, leave)
    assert answers.count("deadlock") == deadlocks
    if mended:
        talent.refresh_from_db()
        booking.refresh_from_db()
        assert (talent.state, booking.state) == (TalentState.LEFT, "cancelled")


@LOCKS
def test_she_leaves_while_she_books_again(mended, deadlocks, monkeypatch):
    """The control takes the event before her record."""
    talent, event = factories.talent(), factories.event()
    factories.consent(talent.user, "talent_database")
    booking = factories.booking(event, talent)
    if not mended:
        monkeypatch.setattr(locking, "WITH_TALENT", EVENT_FIRST)

    def leave():
        consents.withdraw(user=talent.user, purpose="talent_database", by=talent.user, now=NOW)

    def book_again():
        with suppress(DomainError):
            book(event=event, talent=talent, by=talent.user, now=NOW)

    answers = side_by_side(lambda: lock_own(talent.user), leave, book_again)
    assert answers.count("deadlock") == deadlocks
    if mended:
        booking.refresh_from_db()
        assert (booking.state, event.bookings.active().count()) == ("cancelled", 0)


def changed(talent, by):
    """Return a proposal of hers that waits."""
    save = {"step": 1, "values": {"birth_month": date(1991, 5, 1)}}
    return operations.open_proposal(operations.save_step(user=talent.user, **save, by=by, now=NOW))


WHOLE = {
    "unit_text": "重庆礼嘉医院",
    "professional_title": "主任医师",
    "education_level": "14",
    "discipline": "320",
    "industry": "Q",
}
STEPS = {
    "save": lambda her, clerk: operations.save_step(
        user=her.user, step=2, values={"position": "院长"}, by=her.user, now=NOW
    ),
    "submit": lambda her, clerk: operations.submit(talent=her, by=her.user, now=NOW, agreed=True),
    "verify": lambda her, clerk: operations.verify(talent=her, tier="", by=clerk, now=NOW),
    "accept": lambda her, clerk: operations.accept_proposal(
        proposal=her.proposals.get(), by=clerk, now=NOW
    ),
}


@pytest.mark.parametrize(
    ("step", "state"),
    [("save", "draft"), ("submit", "draft"), ("verify", "submitted"), ("accept", "verified")],
)
def test_her_account_is_locked_before_her_record_and_neither_with_its_key(step, state):
    """Rows that only name them may be written meanwhile; in one order for all, nobody waits for each other."""
    clerk = factories.staff("department_clerk")
    at = {"submitted_at": NOW} if state == "submitted" else {}
    her = factories.talent(state=state, **WHOLE, **at)
    if step == "accept":
        changed(her, her.user)
    with CaptureQueriesContext(connection) as captured:
        STEPS[step](Talent.objects.get(pk=her.pk), clerk)
    locks = [LOCK.search(query["sql"]) for query in captured]
    first = [(lock[1], bool(lock[2])) for lock in locks if lock][:2]
    assert first == [("accounts_user", True), ("talents_talent", True)]


def test_an_account_is_changed_while_rows_may_name_it():
    her = factories.user("王小敏")
    with CaptureQueriesContext(connection) as captured:
        accounts.change_user(user=her, full_name="王晓敏", by=None, now=NOW)
    locks = [LOCK.search(query["sql"]) for query in captured]
    assert [(lock[1], bool(lock[2])) for lock in locks if lock] == [("accounts_user", True)]
