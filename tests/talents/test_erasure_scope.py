"""Whose record goes with an erasure: claims and merges that were wrong, or came in between, change nobody else's."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from kernel.errors import DomainError
from talents import operations, personal_data
from talents.career import operations as career
from talents.erasure import operations as erasure
from talents.erasure.models import Erasure
from talents.models import Talent
from tests import factories
from tests.factories import NOW
from tests.talents.identity.test_claims import NUMBER, ask, code_of, prove, reported, woman
from tests.talents.test_operations import PERSON, save

pytestmark = pytest.mark.django_db
WHY = "经核对不是同一人"
LATER = NOW + erasure.COOLING


def asked(user):
    """Ask for her own erasure as her page does."""
    user = User.objects.get(pk=user.pk)
    return erasure.ask_erasure(user=user, by=user, now=NOW)


def granted(user, record):
    """A claim a clerk granted."""
    return operations.grant_claim(claim=ask(user), talent=record, by=None, now=NOW)


def undone(claim, now=NOW):
    """Take a claim back."""
    return operations.undo_claim(claim=claim, reason=WHY, by=None, now=now)


def merged(keep, lose, **given):
    """Merge two records, of which the clerk believes that they are one woman's."""
    records = Talent.objects.in_bulk([keep.pk, lose.pk])
    given |= {"keep": records[keep.pk], "lose": records[lose.pk]}
    return operations.merge_records(reason=WHY, by=None, now=NOW, **given)


def states(*records):
    """Where records stand."""
    return [Talent.objects.get(pk=record.pk).state for record in records]


def copied(user):
    """The codes of all records in her copy."""
    return {row.code for part in personal_data.collect(user) for row in part.rows if is_record(row)}


def is_record(row):
    """Tell a record from the other rows of a copy."""
    return isinstance(row, Talent)


def test_what_was_merged_by_mistake_and_undone_is_the_other_womans():
    keep, lose = factories.talent(full_name="王小敏"), reported(id_number=None)
    merge = merged(keep, lose)
    assert copied(keep.user) == {keep.code, lose.code}
    operations.undo_merge(merge=merge, reason=WHY, by=None, now=NOW)
    assert copied(keep.user) == {keep.code}
    asked(keep.user)
    erasure.erase_due(now=LATER)
    assert states(keep, lose) == ["erased", "verified"]


def test_what_was_merged_into_what_was_merged_goes_too():
    first, second, last = reported(id_number=None), reported(), factories.talent()
    merged(second, first)
    merged(last, second)
    assert copied(last.user) == {first.code, second.code, last.code}
    asked(last.user)
    erasure.erase_due(now=LATER)
    assert states(first, second, last) == ["erased"] * 3


@pytest.mark.parametrize("has_draft", [True, False])
def test_a_claim_taken_back_while_the_erasure_waits_leaves_the_record(has_draft):
    user, record = woman(), reported()
    draft = [save(user, 1, PERSON)] if has_draft else []
    claim = granted(user, record)
    waiting = asked(user)
    assert waiting.talent == record
    undone(claim)
    waiting.refresh_from_db()
    assert waiting.talent == (draft[0] if draft else None)
    rightful = woman()
    assert asked(granted(rightful, record).user).talent == record  # each has her own
    erasure.withdraw_erasure(erasure=Erasure.objects.get(user=rightful), by=rightful, now=NOW)
    erasure.erase_due(now=LATER)
    assert states(record, *draft) == ["verified", *(["erased"] * len(draft))]
    assert User.objects.get(pk=user.pk).is_active is False


def test_a_merge_undone_while_the_erasure_waits_leaves_the_other_record():
    keep, lose = reported(id_number=None), factories.talent(full_name="王小敏")
    merge = merged(keep, lose)
    waiting = asked(lose.user)
    assert waiting.talent == keep
    operations.undo_merge(merge=merge, reason=WHY, by=None, now=NOW)
    erasure.erase_due(now=LATER)
    assert states(keep, lose) == ["verified", "erased"]
    waiting.refresh_from_db()
    assert waiting.talent == lose


def test_what_was_asked_for_in_writing_is_asked_anew_when_the_account_was_the_wrong_one():
    user, record, clerk = woman(), reported(), factories.staff("department_clerk")
    claim = granted(user, record)
    record.refresh_from_db()
    action = erasure.ask_erasure_for(talent=record, reason="书面申请 2026-017", by=clerk, now=NOW)
    erasure.carry_out(action, by=None, now=NOW)
    undone(claim)
    assert erasure.erase_due(now=LATER) == 0
    assert [Erasure.objects.get().state, *states(record)] == ["withdrawn", "verified"]
    assert User.objects.get(pk=user.pk).is_active is True


def test_who_waits_to_be_erased_claims_nothing():
    user, record = woman(), reported()
    save(user, 1, PERSON)
    claim = ask(user, id_number=NUMBER)
    waiting = asked(user)
    assert code_of(prove, claim=claim, code=claim.code) == "code_wrong"
    given = {"claim": claim, "talent": record, "by": None, "now": NOW}
    assert code_of(operations.grant_claim, **given) == "erasure_waits"
    operations.withdraw_claim(claim=claim, by=user, now=NOW)
    assert code_of(ask, user=user) == "erasure_waits"
    erasure.withdraw_erasure(erasure=waiting, by=user, now=NOW)
    assert ask(user, id_number=NUMBER).state == "waiting"


def test_a_record_that_waits_to_be_erased_is_nobodys_to_claim():
    record, clerk = reported(), factories.staff("department_clerk")
    action = erasure.ask_erasure_for(talent=record, reason="书面申请 2026-017", by=clerk, now=NOW)
    claim = ask(woman())
    erasure.carry_out(action, by=None, now=NOW)
    given = {"claim": claim, "talent": record, "by": None, "now": NOW}
    assert code_of(operations.grant_claim, **given) == "erasure_waits"
    assert ask(woman(phone=record.phone)).talent is None
    assert erasure.erase_due(now=NOW) == 1
    assert states(record) == ["erased"]


def test_what_she_made_since_she_asked_goes_with_her():
    user = woman()
    asked(user)
    draft = save(User.objects.get(pk=user.pk), 1, PERSON)
    erasure.erase_due(now=LATER)
    assert states(draft) == ["erased"]


def test_a_claim_of_an_erased_record_is_not_taken_back():
    user, record = woman(), reported()
    claim = granted(user, record)
    asked(user)
    erasure.erase_due(now=LATER)
    claim.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        undone(claim, LATER + timedelta(days=1))
    assert refused.value.code == "nothing_kept"
    assert states(record) == ["erased"]


def test_on_a_restored_backup_what_became_hers_later_goes_too():
    """The backup is from before she claimed her record; the list says that both were erased."""
    user, record = woman(), reported()
    draft = save(user, 1, PERSON)
    again = {"ground": "restored", "asked_at": NOW, "due_at": NOW}
    done = Erasure.objects.create(user=user, talent=record, **again)
    assert erasure.erase_due(now=NOW) == 1
    assert states(draft, record) == ["erased", "erased"]
    done.refresh_from_db()
    assert done.talent == record  # not the draft, which was hers before


def test_what_was_merged_since_it_was_asked_for_is_asked_for_anew():
    """Both persons meant the woman: what is left of the record they named is not all there is of her."""
    keep, lose = reported(id_number=None), factories.talent(user=None, full_name="王小敏")
    clerk = factories.staff("department_clerk")
    action = erasure.ask_erasure_for(talent=lose, reason="书面申请 2026-017", by=clerk, now=NOW)
    merge = merged(keep, lose)
    refused = {"action": action, "by": None, "now": NOW}
    assert (code_of(erasure.carry_out, **refused), Erasure.objects.count()) == ("merged", 0)
    operations.undo_merge(merge=merge, reason=WHY, by=None, now=NOW)
    erasure.carry_out(**refused)
    assert (erasure.erase_due(now=NOW), states(keep, lose)) == (1, ["verified", "erased"])


def test_who_asked_before_she_had_a_record_is_not_asked_for_once_more():
    user, clerk = woman(), factories.staff("department_clerk")
    asked(user)
    record = factories.talent(user=user)
    given = {"talent": record, "reason": "书面申请 2026-017", "by": clerk, "now": NOW}
    assert code_of(erasure.ask_erasure_for, **given) == "erasure_waits"
    assert Erasure.objects.count() == 1


def test_of_a_record_its_list_took_back_nothing_is_erased():
    record, clerk = reported(), factories.staff("department_clerk")
    action = erasure.ask_erasure_for(talent=record, reason="书面申请 2026-017", by=clerk, now=NOW)
    Talent.objects.get(pk=record.pk).delete()
    assert code_of(erasure.carry_out, action=action, by=None, now=NOW) == "record_gone"


def test_what_she_wrote_is_in_no_search_text_of_what_is_left():
    her = factories.talent()
    career.save_entry(
        talent=her,
        kind="achievement",
        values={"sort": "paper", "name": "白露凝霜研究", "began": date(2020, 1, 1)},
        by=her.user,
        now=NOW,
    )
    asked(her.user)
    erasure.erase_due(now=LATER)
    assert Talent.objects.values_list("search_text", "search_grams").get() == ("", [])
