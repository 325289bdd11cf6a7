"""Two at once: an interest is accepted or declined, not both; a contract is entered once."""

import pytest
from django.db import IntegrityError

from entrepreneurship.transfer import contracts, interests
from entrepreneurship.transfer.models import TransferContract, TransferInterest
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
