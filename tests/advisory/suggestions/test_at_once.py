"""Two at once: signers, ratings, co-signatures, an extension against the reply, taking back against signing. With controls."""

import pytest
from django.db import transaction
from django.utils import timezone

from advisory.suggestions import operations, personal_data
from advisory.suggestions.models import (
    Assignment,
    CoSignature,
    Extension,
    Rating,
    Reply,
    Suggestion,
)
from advisory.suggestions.operations import assigning, replying, writing
from advisory.suggestions.operations.locking import locked_all
from kernel.portal import Person
from notices.models import Notice
from tests.advisory.suggestions import make
from tests.waits import beside

pytestmark = pytest.mark.django_db(transaction=True)


def without_locks(monkeypatch, *modules):
    """Let modules' operations read what they change without their locks: the control."""

    def locked(suggestion):
        return Suggestion.objects.select_related("campaign__department", "joined_to").get(
            pk=suggestion.pk
        )

    def locked_assignment(assignment):
        return Assignment.objects.select_related("suggestion__campaign", "department").get(
            pk=assignment.pk
        )

    def locked_reply(reply):
        rows = Reply.objects.select_related("suggestion__campaign", "corrects", "drafted_by")
        return rows.get(pk=reply.pk)

    for module in modules:
        for name, function in (
            ("locked", locked),
            ("locked_with_main", locked),
            ("locked_with_joined", locked),
            ("locked_assignment", locked_assignment),
            ("locked_reply", locked_reply),
        ):
            monkeypatch.setattr(module, name, function, raising=False)


@pytest.mark.parametrize("with_lock", [True, False])
def test_two_signers_sign_once_and_she_is_told_once(with_lock, monkeypatch):
    """Without the lock the second writes over the first: the reply names another signer than she was told."""
    now = timezone.now()
    made = make.handed_in(now=now)
    first, second = make.reviewer(), make.reviewer()
    if not with_lock:
        without_locks(monkeypatch, replying)

    def sign(by):
        return lambda: operations.sign_reply(reply=made, kept_back_reason="", by=by, now=now)

    beside(sign(first), sign(second))
    made.refresh_from_db()
    assert made.signed_by == (first if with_lock else second)
    assert Notice.objects.filter(kind="advisory.suggestion_answered").count() == 1


@pytest.mark.parametrize("with_lock", [True, False])
def test_taken_back_while_the_reply_is_signed_it_is_not_both(with_lock, monkeypatch):
    """Without the lock it ends as answered after she has taken it back."""
    now = timezone.now()
    made = make.handed_in(now=now)
    row, signer = made.suggestion, make.reviewer()
    if not with_lock:
        without_locks(monkeypatch, replying, writing)

    def withdraw():
        operations.withdraw_suggestion(suggestion=row, by=make.author(row), now=now)

    def sign():
        operations.sign_reply(reply=made, kept_back_reason="", by=signer, now=now)

    met = beside(withdraw, sign)
    row, made = make.fresh(row), make.fresh(made)
    states = (row.state, made.state)
    if with_lock:
        assert (met, states) == ("moved_on", ("withdrawn", "dropped"))
    else:
        assert states != ("withdrawn", "dropped")


@pytest.mark.parametrize("with_lock", [True, False])
def test_an_extension_is_not_granted_once_the_reply_is_signed(with_lock, monkeypatch):
    now = timezone.now()
    made = make.handed_in(now=now)
    found = made.suggestion.assignments.get()
    asked = operations.ask_extension(
        assignment=found, days=10, reason="要先开会研究", by=None, now=now
    )
    signer = make.reviewer()
    if not with_lock:
        without_locks(monkeypatch, assigning)

    def sign():
        operations.sign_reply(reply=made, kept_back_reason="", by=signer, now=now)

    def grant():
        operations.decide_extension(extension=asked, granted=True, words="", by=None, now=now)

    met = beside(sign, grant)
    state = Extension.objects.get().state
    assert (met, state) == (("moved_on", "waiting") if with_lock else (None, "granted"))


@pytest.mark.parametrize("with_lock", [True, False])
def test_an_extension_goes_on_with_who_takes_the_place_and_not_back(with_lock, monkeypatch):
    """Read before and saved afterwards, what the department was given would stand under what its author took back."""
    now = timezone.now()
    found = make.assigned(now=now)
    main = found.suggestion
    heir = make.sent(main.campaign, now=now)
    operations.join_suggestion(suggestion=heir, to=main, by=None, now=now)
    asked = operations.ask_extension(
        assignment=found, days=10, reason="要先开会研究", by=None, now=now
    )
    if not with_lock:
        without_locks(monkeypatch, assigning)

    def withdraw():
        operations.withdraw_suggestion(suggestion=main, by=make.author(main), now=now)

    def grant():
        operations.decide_extension(extension=asked, granted=True, words="", by=None, now=now)

    met = beside(withdraw, grant)
    stands_under = make.fresh(found).suggestion
    assert (met, stands_under) == (("moved_on", heir) if with_lock else (None, main))


@pytest.mark.parametrize("by_rule", [True, False])
def test_rating_twice_at_once_is_rating_once(by_rule, monkeypatch):
    """Whatever a lock does, the constraint refuses the second: the control asks without the lock."""
    now = timezone.now()
    made = make.signed(now=now)
    by = make.author(made.suggestion)
    if not by_rule:
        without_locks(monkeypatch, replying)

    def rate(verdict):
        return lambda: operations.rate(
            reply=made, verdict=verdict, words="没有说时间", by=by, now=now
        )

    assert beside(rate("not"), rate("satisfied")) == "rated"
    assert Rating.objects.get().verdict == "not"


@pytest.mark.parametrize("by_rule", [True, False])
def test_signing_too_twice_at_once_is_once(by_rule, monkeypatch):
    now = timezone.now()
    row, by = make.filed(now=now), make.woman("陈笛")
    if not by_rule:
        without_locks(monkeypatch, writing)

    def cosign():
        operations.cosign(suggestion=row, named=False, by=by, now=now)

    beside(cosign, cosign)
    assert CoSignature.objects.count() == 1


@pytest.mark.parametrize("with_lock", [True, False])
def test_who_is_erased_while_hers_takes_anothers_place_leaves_no_name(with_lock, monkeypatch):
    """Without the lock on what was joined, the row written in the other's place brings her name back."""
    now = timezone.now()
    main = make.filed(now=now)
    heir = make.sent(main.campaign, now=now)
    operations.join_suggestion(suggestion=heir, to=main, by=None, now=now)
    her = make.author(heir)
    person = Person(her, (her.talent,), "已注销")
    if not with_lock:
        without_locks(monkeypatch, writing)

    def erase():
        personal_data.erase(person, now)

    def withdraw():
        operations.withdraw_suggestion(suggestion=main, by=make.author(main), now=now)

    beside(erase, withdraw)
    heir = make.fresh(heir)
    assert heir.state == "filed"
    assert (heir.signed_as is None) is with_lock


def test_two_that_would_be_joined_to_each_other_do_not_wait_for_ever():
    """Locks are taken by number, whichever is named first: PostgreSQL would end one of them as a deadlock."""
    now = timezone.now()
    one, other = make.sent(now=now), make.sent(now=now)

    def lock(row, to):
        def attempt():
            with transaction.atomic():
                locked_all(row, to)

        return attempt

    assert beside(lock(one, other), lock(other, one)) is None


def test_two_that_are_joined_are_taken_back_at_once_whichever_is_older():
    """The one that takes the other's place is locked with it, by number, like every other pair."""
    now = timezone.now()
    of = make.campaign(now)
    heir = make.sent(of, now=now)
    main = make.filed(of, now=now)
    operations.join_suggestion(suggestion=heir, to=main, by=None, now=now)
    heir = make.fresh(heir)

    def withdraw(row):
        return lambda: operations.withdraw_suggestion(suggestion=row, by=make.author(row), now=now)

    assert beside(withdraw(heir), withdraw(main)) is None
    assert {make.fresh(row).state for row in (heir, main)} == {"withdrawn"}
