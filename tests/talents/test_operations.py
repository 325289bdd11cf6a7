"""A record on its way: written in steps, handed in, verified or returned, claimed, withdrawn."""

from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kernel.errors import DomainError
from notices.models import Notice
from privacy import consents
from privacy.models import AuditEntry, Consent
from talents import operations
from talents.models import Talent
from talents.operations import profile
from tests import factories
from tests.factories import NOW
from tests.talents.imports.workbooks import identity

pytestmark = pytest.mark.django_db

PERSON = {"full_name": "王小敏", "birth_month": date(1990, 3, 1), "political_status": ""}
WORK = {
    "unit": None,
    "unit_text": "重庆礼嘉医院",
    "position": "",
    "professional_title": "主任医师",
    "title_level": "",
}
STUDY = {
    "education_level": "14",
    "degree": "3",
    "school_and_major": "",
    "discipline": "320",
    "industry": "Q",
    "research_fields": ["临床医学"],
    "overseas_study": False,
    "overseas_detail": "",
}


def save(user, step, values):
    """Save one step as the page does."""
    return operations.save_step(user=user, step=step, values=values, by=user, now=NOW)


def filled(user):
    """A record with nothing missing, still a draft."""
    save(user, 1, PERSON)
    save(user, 2, WORK)
    return save(user, 3, STUDY)


def submitted(user=None):
    """A record a clerk should look at."""
    user = user or factories.user()
    factories.consent(user, "talent_database")
    return operations.submit(talent=filled(user), by=user, now=NOW)


def code_of(function, **arguments):
    """The code of the refusal."""
    with pytest.raises(DomainError) as refused:
        function(**arguments)
    return refused.value.code


def actions(talent):
    """What the audit log says of the record, in order."""
    entries = AuditEntry.objects.filter(object_type="talents.talent", object_id=str(talent.pk))
    return list(entries.order_by("pk").values_list("action", flat=True))


def test_the_first_save_makes_a_draft_that_is_hers_alone():
    user, clerk = factories.user(), factories.staff("department_clerk")
    talent = save(user, 1, PERSON)
    assert (talent.state, talent.source, talent.user, talent.phone) == (
        "draft",
        "self",
        user,
        user.phone,
    )
    assert list(Talent.objects.visible_to(user)) == [talent]
    assert list(Talent.objects.visible_to(clerk)) == []


def test_the_first_unfinished_step_is_where_she_goes_on():
    user = factories.user()
    assert operations.first_unfinished(None) == 1
    talent = save(user, 1, {"full_name": "王小敏"})
    assert operations.first_unfinished(talent) == 1
    assert operations.first_unfinished(save(user, 1, PERSON)) == 2
    assert operations.first_unfinished(save(user, 2, WORK)) == 3
    assert operations.first_unfinished(save(user, 3, STUDY)) == 4


def test_the_level_follows_from_the_title():
    assert filled(factories.user()).title_level == "senior"


def test_an_identity_number_needs_its_own_consent():
    user = factories.user()
    values = PERSON | {"id_number": identity("19900301")}
    assert code_of(save, user=user, step=1, values=values) == "consent_needed"
    assert Talent.objects.count() == 0
    factories.consent(user, "identity_number")
    talent = save(user, 1, values)
    talent.refresh_from_db()
    assert talent.id_number == identity("19900301")
    assert talent.masked_id_number == f"5001**********{identity('19900301')[-4:]}"


def test_a_number_somebody_has_is_answered_as_any_other():
    """Only the clerk who verifies it is told; so nobody learns who is in the database by trying."""
    factories.talent(id_number=identity("19900301"), full_name="别人")
    user = factories.user()
    factories.consent(user, "identity_number")
    factories.consent(user, "talent_database")
    talent = filled(user)
    taken, free = (save(user, 1, {"id_number": identity(day)}) for day in ("19900301", "19900302"))
    assert (taken.pk, free.pk) == (talent.pk, talent.pk)
    save(user, 1, {"id_number": identity("19900301")})
    talent = operations.submit(talent=talent, by=user, now=NOW)
    verify = {"talent": talent, "tier": "", "by": factories.staff("department_clerk"), "now": NOW}
    assert code_of(operations.verify, **verify) == "id_number_known"
    save(user, 1, {"id_number": identity("19900302")})
    assert operations.verify(**verify).state == "verified"


def test_handing_in_needs_everything_and_her_consent():
    user = factories.user()
    talent = save(user, 1, PERSON)
    assert code_of(operations.submit, talent=talent, by=user, now=NOW) == "unfinished"
    talent = filled(user)
    assert code_of(operations.submit, talent=talent, by=user, now=NOW) == "consent_needed"
    factories.consent(user, "talent_database")
    assert operations.why_not_submit(talent, user) is None
    talent = operations.submit(talent=talent, by=user, now=NOW)
    assert operations.why_not_submit(talent, user).code == "already_submitted"
    assert (talent.state, talent.submitted_at) == ("submitted", NOW)
    again = operations.submit(talent=talent, by=user, now=NOW + timedelta(days=1))
    assert (again.submitted_at, actions(talent).count("talents.submit")) == (NOW, 1)


def test_consent_and_what_it_is_for_are_one_transaction():
    """What is refused leaves no consent behind."""
    user = factories.user()
    talent = save(user, 1, PERSON)
    submit = {"talent": talent, "agreed": True, "by": user, "now": NOW}
    assert code_of(operations.submit, **submit) == "unfinished"
    number = {"step": 1, "values": {"id_number": identity("19900301")}, "agreed": True}
    somebody = factories.user()
    assert code_of(operations.save_step, user=user, by=somebody, now=NOW, **number) == "not_yours"
    assert Consent.objects.count() == 0
    talent = filled(user)
    assert operations.submit(talent=talent, agreed=True, by=user, now=NOW).state == "submitted"
    operations.save_step(user=user, by=user, now=NOW, **number)
    kept = Consent.objects.order_by("pk").values_list("purpose", "source")
    assert list(kept) == [("talent_database", "profile"), ("identity_number", "profile")]


def test_a_consent_is_not_kept_without_what_it_was_given_for(monkeypatch):
    """The database fails after the consent was written: neither of the two is there."""
    user = factories.user()

    def lost(talent):
        raise OperationalError

    monkeypatch.setattr(profile, "save_record", lost)
    with pytest.raises(OperationalError), transaction.atomic():
        operations.save_step(
            user=user,
            step=1,
            values=PERSON | {"id_number": identity("19900301")},
            agreed=True,
            by=user,
            now=NOW,
        )
    assert (Consent.objects.count(), Talent.objects.count()) == (0, 0)


def test_a_verified_record_is_told_of_once():
    talent, clerk = submitted(), factories.staff("department_clerk")
    with translation.override("en"):  # the clerk's language is nothing to her letter
        talent = operations.verify(talent=talent, tier="city", by=clerk, now=NOW)
    assert (talent.state, talent.tier, talent.verified_by, talent.verified_at) == (
        "verified",
        "city",
        clerk,
        NOW,
    )
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.link, notice.context) == (
        talent.user,
        "talents.verified",
        "/me/profile/",
        {
            "name": "王小敏",
            "department": {"zh-hans": talent.department.name, "en": talent.department.name_en},
        },
    )
    assert actions(talent)[-1] == "talents.verify"
    again = {"talent": talent, "tier": "", "by": factories.staff("department_clerk"), "now": NOW}
    assert code_of(operations.verify, **again) == "already_handled"
    assert Notice.objects.count() == 1


def test_a_record_may_be_returned_twice_and_is_told_of_each_time():
    talent, clerk = submitted(), factories.staff("department_clerk")
    for day, reason in ((0, "请补充职称证书"), (2, "请写单位全称。")):
        now = NOW + timedelta(days=day)
        if day:
            operations.submit(talent=talent, by=talent.user, now=now)
        talent = operations.return_with_reason(talent=talent, reason=reason, by=clerk, now=now)
        assert (talent.state, talent.return_reason) == ("returned", reason.rstrip("。"))
    notices = Notice.objects.filter(kind="talents.returned").order_by("pk")
    told = [n.context["reason"]["zh-hans"] for n in notices]
    assert told == ["请补充职称证书", "请写单位全称"]


@pytest.mark.parametrize(
    ("reason", "code"), [("", "reason_missing"), ("长" * 201, "reason_too_long")]
)
def test_a_return_says_why(reason, code):
    arguments = {"talent": submitted(), "by": factories.staff("department_clerk"), "now": NOW}
    assert code_of(operations.return_with_reason, reason=reason, **arguments) == code


def decisions(talent):
    """The three decisions of a clerk, with arguments that are wrong: who may not is told so first."""
    return [
        (operations.verify, {"talent": talent, "tier": "no such tier", "now": NOW}),
        (operations.return_with_reason, {"talent": talent, "reason": "", "now": NOW}),
        (operations.hand_over, {"talent": talent, "department": talent.department, "now": NOW}),
    ]


@pytest.mark.parametrize(
    ("clerk", "code"),
    [
        (
            lambda: factories.staff("department_clerk", department_code="trade_union"),
            "not_in_scope",
        ),
        (lambda: factories.staff("event_organiser"), "may_not_verify"),
        (lambda: factories.user(), "may_not_verify"),
    ],
)
def test_outsiders_decide_nothing(clerk, code):
    talent, by = submitted(), clerk()
    refusals = [code_of(decide, by=by, **wrong) for decide, wrong in decisions(talent)]
    assert refusals == [code] * 3
    assert operations.why_not_verify(talent, by).code == code
    talent.refresh_from_db()
    assert talent.state == "submitted"


def test_nobody_decides_on_herself():
    clerk = factories.staff("department_clerk")
    talent = submitted(clerk)
    refusals = [code_of(decide, by=clerk, **wrong) for decide, wrong in decisions(talent)]
    assert refusals == ["own_record"] * 3


def test_what_a_clerk_may_decide_depends_on_how_the_record_stands():
    clerk, talent = factories.staff("department_clerk"), submitted()
    assert operations.why_not_verify(talent, clerk) is None
    talent = operations.verify(talent=talent, tier="", by=clerk, now=NOW)
    assert operations.why_not_verify(talent, clerk).code == "already_handled"
    assert operations.why_not_decide(talent, clerk) is None


def test_who_may_not_act_on_a_record_locks_nothing():
    by = factories.user()
    handed_in = {"talent": filled(factories.user()), "now": NOW}
    calls = [
        (operations.submit, handed_in),
        *decisions(submitted()),
    ]
    with CaptureQueriesContext(connection) as sent:
        refusals = [code_of(operation, by=by, **given) for operation, given in calls]
    assert refusals == ["not_yours"] + ["may_not_verify"] * 3
    assert [query["sql"] for query in sent if "FOR UPDATE" in query["sql"]] == []


@pytest.mark.parametrize("outsider", [factories.user, lambda: factories.staff("department_clerk")])
def test_nobody_writes_hands_in_or_claims_for_another_woman(outsider):
    user, by = factories.user("王小敏"), outsider()
    talent = filled(user)
    factories.consent(user, "talent_database")
    step = {"user": user, "step": 1, "values": {"full_name": "李小敏"}}
    assert code_of(operations.save_step, **step, by=by, now=NOW) == "not_yours"
    assert code_of(operations.submit, talent=talent, by=by, now=NOW) == "not_yours"
    ask = {"user": user, "full_name": "王小敏", "by": by, "now": NOW}
    assert code_of(operations.ask_for_record, **ask) == "not_yours"
    assert operations.why_not_ask(user, by, NOW).code == "not_yours"
    talent.refresh_from_db()
    assert (talent.state, talent.full_name) == ("draft", "王小敏")


def test_the_system_may_act_for_her():
    user = factories.user("王小敏")
    factories.consent(user, "talent_database")
    talent = filled(user)
    operations.save_step(user=user, step=1, values={"full_name": "王敏"}, by=None, now=NOW)
    assert operations.submit(talent=talent, by=None, now=NOW).state == "submitted"


def test_a_change_of_what_was_verified_stays_verified_and_is_marked():
    talent = operations.verify(
        talent=submitted(), tier="", by=factories.staff("department_clerk"), now=NOW
    )
    later = NOW + timedelta(days=3)
    talent = operations.save_step(
        user=talent.user,
        step=2,
        values=WORK | {"unit_text": "重庆大学附属医院"},
        by=talent.user,
        now=later,
    )
    assert (talent.state, talent.updated_at, talent.unit_name) == (
        "verified",
        later,
        "重庆大学附属医院",
    )
    entry = AuditEntry.objects.get(action="talents.change_verified")
    assert entry.detail == {"step": 2, "fields": ["unit_text"]}


def test_saving_the_same_again_is_no_change():
    user = factories.user()
    talent = filled(user)
    before = actions(talent)
    save(user, 3, STUDY)
    assert actions(talent) == before


# --- consent ----------------------------------------------------------------------------------


def test_withdrawing_consent_takes_the_record_out_of_the_database():
    talent = submitted()
    clerk = factories.staff("department_clerk")
    operations.verify(talent=talent, tier="", by=clerk, now=NOW)
    consents.withdraw(
        user=talent.user, purpose="talent_database", by=talent.user, now=NOW, source="web"
    )
    talent.refresh_from_db()
    assert talent.state == "left"
    assert list(Talent.objects.visible_to(clerk)) == []
    assert actions(talent)[-1] == "talents.leave_database"


def agree_again(user):
    """Give her consent to the database once more."""
    consents.grant(user=user, purpose="talent_database", by=user, now=NOW)


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ("verified", {}),
        ("submitted", {"submitted_at": NOW}),
        ("returned", {"submitted_at": NOW, "return_reason": "请补充职称"}),
    ],
)
def test_who_agrees_again_is_back_as_she_left(state, fields):
    talent = factories.talent(state=state, **fields)
    user = talent.user
    factories.consent(user, "talent_database")
    consents.withdraw(user=user, purpose="talent_database", by=user, now=NOW)
    left = {"user": user, "step": 1, "values": {"full_name": "李小敏"}, "by": user, "now": NOW}
    assert code_of(operations.save_step, **left) == "left_database"
    talent.refresh_from_db()
    assert operations.why_not_submit(talent, user).code == "left_database"
    agree_again(user)
    talent.refresh_from_db()
    assert (talent.state, actions(talent)) == (
        state,
        ["talents.leave_database", "talents.rejoin_database"],
    )
    agree_again(user)
    assert len(actions(talent)) == 2


def test_who_typed_a_number_and_leaves_unchecked_neither_learns_of_it_nor_holds_it():
    """A number in the database, or held by one who left, is known of records a clerk has checked alone."""
    number = identity("19900301")
    known = factories.talent(id_number=number)
    others = [factories.talent(state="submitted", id_number=number) for _ in range(2)]
    for talent in others:
        operations.on_database_consent(user=talent.user, granted=False, by=talent.user, now=NOW)
    states = [Talent.objects.get(pk=talent.pk).state for talent in (known, *others)]
    assert states == ["verified", "left", "left"]
    known.id_number = None
    known.save()
    assert operations.why_not_number(known, number) is None


def test_a_consent_leaves_a_draft_alone():
    talent = save(factories.user(), 1, PERSON)
    factories.consent(talent.user, "talent_database", granted=False)
    agree_again(talent.user)
    consents.withdraw(user=talent.user, purpose="talent_database", by=talent.user, now=NOW)
    talent.refresh_from_db()
    assert (talent.state, actions(talent)) == ("draft", ["talents.save_step"])


def test_withdrawing_consent_to_the_number_erases_it():
    user = factories.user()
    factories.consent(user, "identity_number")
    talent = save(user, 1, PERSON | {"id_number": identity("19900301")})
    consents.withdraw(user=user, purpose="identity_number", by=user, now=NOW)
    talent.refresh_from_db()
    assert (talent.id_number, talent.id_number_index) == (None, None)
