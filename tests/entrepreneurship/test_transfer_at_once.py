"""Two at once: an interest is accepted or declined, not both; a contract is entered once; what is killed is done again, once."""

import pytest
from django.db import IntegrityError

from entrepreneurship.transfer import contracts, interests, letters, tasks
from entrepreneurship.transfer.models import (
    TransferContract,
    TransferInterest,
    TransferMatch,
    TransferProfile,
)
from notices.models import Notice
from tests import factories
from tests.entrepreneurship import transfer_make as make
from tests.waits import beside

pytestmark = pytest.mark.django_db(transaction=True)
NOW = factories.NOW


@pytest.mark.parametrize("with_lock", [True, False])
def test_what_is_accepted_is_not_declined_beside_it(with_lock, monkeypatch):
    """The control declines over what was accepted, and keeps a contact nobody may read any more."""
    interest = make.interest()
    if not with_lock:
        rows = TransferInterest.objects.with_both()
        monkeypatch.setattr(interests, "locked", lambda one: rows.get(pk=one.pk))

    def accept():
        interests.accept_interest(interest=interest, by=None, now=NOW, **make.CONTACT)

    def decline():
        interests.decline_interest(interest=interest, reason="busy", by=None, now=NOW)

    code = beside(accept, decline)
    interest.refresh_from_db()
    found = (code, interest.state, bool(interest.owner_contact))
    assert found == (("moved_on", "answered", True) if with_lock else (None, "declined", True))


@pytest.mark.parametrize("with_lock", [True, False])
def test_one_contract_entered_by_two_is_counted_once_and_the_second_is_told(with_lock, monkeypatch):
    """The control is told nothing she could read: the database refuses the row."""
    first, second = make.confidential(), make.confidential()
    if not with_lock:
        monkeypatch.setattr(contracts, "_lock_number", lambda number: None)

    def enter(interest):
        contracts.enter_contract(
            interest=interest, values=make.terms(), by=interest.mediator, now=NOW
        )

    code = beside(lambda: enter(first), lambda: enter(second))
    assert code == ("number_used" if with_lock else IntegrityError)
    assert TransferContract.objects.get().interest_id == first.pk


@pytest.mark.parametrize("first", ["withdraw", "lapse", "accept"])
@pytest.mark.parametrize("with_lock", [True, False])
def test_what_is_over_is_not_accepted_beside_it_and_keeps_no_contact(first, with_lock, monkeypatch):
    """The control reads the interest without its lock: what was taken back, or lapsed, is answered all the same."""
    interest = make.interest()
    TransferInterest.objects.update(counted_from="2026-01-05", answer_by="2026-01-26")
    interest.refresh_from_db()
    if not with_lock:
        rows = TransferInterest.objects.with_both()
        monkeypatch.setattr(interests, "locked", lambda one: rows.get(pk=one.pk))
    acts = {
        "withdraw": lambda: interests.withdraw_interest(interest=interest, by=None, now=NOW),
        "lapse": lambda: interests.lapse_interest(interest=interest, now=NOW),
        "accept": lambda: interests.accept_interest(
            interest=interest, by=None, now=NOW, **make.CONTACT
        ),
    }
    second = "lapse" if first == "accept" else "accept"
    code = beside(acts[first], acts[second])
    interest.refresh_from_db()
    found = (code, interest.state, bool(interest.owner_contact))
    ends = {"withdraw": "withdrawn", "lapse": "lapsed"}
    if with_lock:
        late = ("moved_on", ends.get(first), False)
        assert found == ((None, "answered", True) if first == "accept" else late)
    else:
        assert found == (None, "lapsed" if first == "accept" else "answered", first != "accept")


class Killed(BaseException):
    """The process is gone: no handler of ours runs, the database rolls back."""


@pytest.mark.parametrize(
    ("clock", "letter"), [("lapse_interests", "interest_lapsed"), ("match_profiles", "matched")]
)
def test_killed_in_the_middle_nothing_is_lost_and_nothing_told_twice(clock, letter, monkeypatch):
    make.interest()
    TransferInterest.objects.update(counted_from="2026-01-05", answer_by="2026-01-26")
    make.match()
    TransferProfile.objects.update(expires_on="2099-01-01", matched_at=None)

    def dies(*given):
        raise Killed

    monkeypatch.setattr(letters, letter, dies)
    with pytest.raises(Killed):
        getattr(tasks, clock)()
    assert not Notice.objects.filter(kind__in=KINDS).exists()
    assert TransferInterest.objects.get().state == "asked"
    assert TransferMatch.objects.get().told_at is None
    monkeypatch.undo()
    for _twice in range(2):
        tasks.lapse_interests()
        tasks.match_profiles()
    # The profile somebody was interested in fits the need as well.
    told = Notice.objects.filter(kind__in=KINDS).values_list("kind", flat=True)
    assert (sorted(told), TransferMatch.objects.count()) == ([KINDS[0], KINDS[1], KINDS[1]], 2)


KINDS = ("entrepreneurship.transfer_lapsed", "entrepreneurship.transfer_matches")
