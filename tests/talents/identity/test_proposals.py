"""A verified identity changes by a clerk's decision alone; account and record agree at every step."""

from datetime import date, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import operations as accounts
from accounts.models import User
from kernel.errors import DomainError
from notices.models import Notice
from privacy import consents
from privacy.models import AuditEntry
from talents import operations
from talents.models import Proposal, Talent
from talents.operations import proposals
from tests import factories
from tests.factories import NOW
from tests.talents.imports.workbooks import identity
from tests.talents.test_verification import decide_together

pytestmark = pytest.mark.django_db
NUMBER, OTHER_NUMBER = identity("19900301"), identity("19900401")
DECIDED = ("talents.accept_change", "talents.refuse_change")
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def verified(**fields):
    """A verified woman, 王小敏, born in March 1990."""
    return factories.talent(**{"unit_text": "重庆礼嘉医院"} | fields)


def save(talent, step=1, now=NOW, **values):
    """Save some fields of a step as her page does."""
    return operations.save_step(user=talent.user, step=step, values=values, by=talent.user, now=now)


def proposed(**values):
    """A waiting proposal of a verified woman."""
    values = values or {"full_name": "王晓敏", "birth_month": date(1990, 4, 1)}
    return operations.open_proposal(save(verified(), **values))


def code_of(function, **arguments):
    """The code of the refusal."""
    with pytest.raises(DomainError) as refused:
        function(**arguments)
    return refused.value.code


def states(talent):
    """The states of her proposals, the oldest first."""
    return list(talent.proposals.order_by("pk").values_list("state", flat=True))


def names(talent):
    """What record and account call her."""
    talent.refresh_from_db()
    return talent.full_name, User.objects.get(pk=talent.user_id).full_name


def verbs(talent):
    """What the audit log says of the record, in order."""
    entries = AuditEntry.objects.filter(object_type="talents.talent", object_id=str(talent.pk))
    return list(entries.order_by("pk").values_list("action", flat=True))


def test_a_changed_identity_waits_for_a_clerk_and_the_rest_is_saved_at_once():
    talent = verified()
    save(talent, full_name="王晓敏", birth_month=date(1990, 4, 1), political_status="01")
    talent.refresh_from_db()
    assert (talent.birth_month, talent.political_status, talent.state) == (
        date(1990, 3, 1),
        "01",
        "verified",
    )
    assert names(talent) == ("王小敏", "王小敏")
    proposal = operations.open_proposal(talent)
    assert (proposal.changed, proposal.rows) == (
        ["full_name", "birth_month"],
        [("姓名", "王小敏", "王晓敏"), ("出生年月", "1990年3月", "1990年4月")],
    )
    assert verbs(talent) == ["talents.propose_change", "talents.save_step"]
    entry = AuditEntry.objects.get(action="talents.propose_change")
    assert entry.detail == {"proposal": proposal.pk, "fields": ["full_name", "birth_month"]}


def test_accepting_it_changes_record_and_account_together_and_tells_her():
    proposal, clerk = proposed(), factories.staff("department_clerk")
    operations.accept_proposal(proposal=proposal, by=clerk, now=LATER)
    talent = proposal.talent
    assert names(talent) == ("王晓敏", "王晓敏")
    assert (talent.birth_month, talent.state, states(talent)) == (
        date(1990, 4, 1),
        "verified",
        ["accepted"],
    )
    assert list(Talent.objects.matching("王晓敏")) == [talent]
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (talent.user, "talents.change_accepted")
    again = {"proposal": proposal, "by": clerk, "now": LATER}
    assert code_of(operations.accept_proposal, **again) == "already_decided"


def test_refusing_it_leaves_everything_as_it_was_and_says_why():
    proposal, clerk = proposed(), factories.staff("department_clerk")
    refuse = {"proposal": proposal, "by": clerk, "now": LATER}
    assert code_of(operations.refuse_proposal, reason="不", **refuse) == "reason_missing"
    operations.refuse_proposal(reason="与证件不一致，请核对。", **refuse)
    assert (names(proposal.talent), states(proposal.talent)) == (("王小敏", "王小敏"), ["refused"])
    notice = Notice.objects.get()
    assert (notice.kind, notice.context) == (
        "talents.change_refused",
        {"reason": "与证件不一致，请核对"},
    )
    save(proposal.talent, full_name="王晓敏")
    assert states(proposal.talent) == ["refused", "waiting"]


def test_she_replaces_it_adds_to_it_and_takes_it_back():
    talent = verified()
    for values, expected in (
        ({"full_name": "王晓敏"}, ["waiting"]),
        ({"full_name": "王晓敏"}, ["waiting"]),
        ({"birth_month": date(1990, 4, 1)}, ["replaced", "waiting"]),
        ({"full_name": "", "political_status": ""}, ["replaced", "waiting"]),
        (
            {"full_name": "王小敏", "birth_month": date(1990, 3, 1)},
            ["replaced", "withdrawn"],
        ),
    ):
        save(talent, **values)
        assert states(talent) == expected
        if expected == ["replaced", "waiting"]:
            assert operations.open_proposal(talent).changed == ["full_name", "birth_month"]
    save(talent, full_name="王晓敏")
    proposal = operations.open_proposal(talent)
    withdraw = {"proposal": proposal, "by": talent.user, "now": NOW}
    operations.withdraw_proposal(**withdraw)
    operations.withdraw_proposal(**withdraw)
    assert (states(talent)[-1], verbs(talent).count("talents.withdraw_change")) == ("withdrawn", 2)
    assert names(talent) == ("王小敏", "王小敏")


def test_the_database_holds_one_open_proposal_for_each_record():
    proposal = proposed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(talent=proposal.talent, full_name="王敏", proposed_at=NOW)


def test_a_number_is_proposed_sealed_and_not_compared_before_a_clerk_looks():
    """Whether it is somebody else's is told to the clerk alone."""
    verified(full_name="别人", id_number=OTHER_NUMBER)
    talent, clerk = verified(id_number=NUMBER), factories.staff("department_clerk")
    assert code_of(save, talent=talent, id_number=OTHER_NUMBER) == "consent_needed"
    factories.consent(talent.user, "identity_number")
    save(talent, id_number=OTHER_NUMBER)
    proposal = operations.open_proposal(talent)
    masked = [f"{number[:4]}**********{number[-4:]}" for number in (NUMBER, OTHER_NUMBER)]
    assert proposal.rows == [("身份证号", *masked)]
    accept = {"proposal": proposal, "by": clerk, "now": LATER}
    assert code_of(operations.accept_proposal, **accept) == "id_number_known"
    talent.refresh_from_db()
    assert talent.id_number == NUMBER
    consents.withdraw(user=talent.user, purpose="identity_number", by=talent.user, now=LATER)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.id_number, proposal.old_id_number) == ("withdrawn", None, None)


def test_what_changed_meanwhile_is_not_overwritten():
    proposal, clerk = proposed(), factories.staff("department_clerk")
    Talent.objects.update(birth_month=date(1991, 1, 1))
    accept = {"proposal": proposal, "by": clerk, "now": LATER}
    assert code_of(operations.accept_proposal, **accept) == "record_changed"


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (
            lambda p: factories.staff("department_clerk", department_code="trade_union"),
            "not_in_scope",
        ),
        (lambda p: factories.user(), "may_not_verify"),
        (lambda p: p.talent.user, "may_not_verify"),
    ],
)
def test_who_may_not_decide(by, code):
    proposal = proposed()
    arguments = {"proposal": proposal, "by": by(proposal), "now": NOW}
    assert code_of(operations.accept_proposal, **arguments) == code
    assert code_of(operations.refuse_proposal, reason="", **arguments) == code


def test_a_clerk_does_not_decide_her_own():
    clerk = factories.staff("department_clerk", full_name="王小敏")
    talent = save(verified(user=clerk), full_name="王晓敏")
    accept = {"proposal": operations.open_proposal(talent), "by": clerk, "now": NOW}
    assert code_of(operations.accept_proposal, **accept) == "own_record"


def test_leaving_the_database_takes_the_proposal_back():
    proposal = proposed()
    user = proposal.talent.user
    factories.consent(user, "talent_database")
    consents.withdraw(user=user, purpose="talent_database", by=user, now=LATER)
    assert states(proposal.talent) == ["withdrawn"]


# --- account and record -----------------------------------------------------------------------


def test_what_she_calls_herself_before_verification_her_account_is_called_too():
    user = factories.user("")
    talent = operations.save_step(
        user=user, step=1, values={"full_name": "王小敏"}, by=user, now=NOW
    )
    save(talent, full_name="王晓敏")
    assert names(talent) == ("王晓敏", "王晓敏")


def test_nobody_renames_an_account_past_its_record():
    talent, administrator = verified(), factories.staff("administrator")
    rename = {"user": talent.user, "full_name": "李小敏", "by": administrator, "now": NOW}
    assert code_of(accounts.change_user, **rename) == "name_of_record"
    assert names(talent) == ("王小敏", "王小敏")
    nobody = factories.user("王小敏")
    accounts.change_user(user=nobody, full_name="李小敏", by=administrator, now=NOW)
    assert User.objects.get(pk=nobody.pk).full_name == "李小敏"


def test_the_record_follows_the_phone_she_proved():
    talent = verified(phone="14000008888")
    set_phone = {"user": talent.user, "by": talent.user, "now": NOW}
    accounts.set_phone(phone="14000009999", verified=False, **set_phone)
    talent.refresh_from_db()
    assert talent.phone == "14000008888"
    accounts.set_phone(phone="14000009999", verified=True, **set_phone)
    talent.refresh_from_db()
    assert (talent.phone, verbs(talent)) == ("14000009999", ["talents.follow_phone"])
    assert list(Talent.objects.filter(phone_index=talent.user.phone_index)) == [talent]


# --- pages ------------------------------------------------------------------------------------

STEP = {
    "full_name": "王小敏",
    "birth_month_year": "1990",
    "birth_month_month": "3",
    "political_status": "",
}


@pytest.fixture
def her(client):
    """A verified woman with a filled record, signed in."""
    talent = verified(
        title_level="senior", education_level="14", discipline="320", industry="Q", phone=None
    )
    client.force_login(talent.user)
    return talent


def said(answer):
    """The messages of a page."""
    return [str(message) for message in answer.context["messages"]]


def test_she_reads_what_was_saved_and_what_waits(client, her):
    step, review = reverse("profile_step", args=[1]), reverse("profile_review")
    answer = client.post(step, STEP | {"political_status": "13"}, follow=True)
    assert (answer.redirect_chain[-1][0], said(answer)) == (review, ["已保存。"])
    answer = client.post(step, STEP | {"full_name": "王晓敏"}, follow=True)
    assert said(answer) == [
        "已保存。姓名、出生年月或身份证号的修改由工作人员核对后生效，结果会通知您。"
    ]
    assert "王小敏 → 王晓敏" in answer.content.decode()
    assert "您的更正申请正在核对" in client.get(reverse("dashboard")).content.decode()
    form = client.get(step).context["form"]
    assert (form["full_name"].value(), form["birth_month"].value()) == ("王晓敏", date(1990, 3, 1))
    withdraw = reverse("profile_withdraw_proposal")
    assert client.get(withdraw).status_code == 405
    answer = client.post(withdraw, follow=True)
    assert said(answer) == ["更正申请已撤回，档案保持原样。"]
    assert client.post(withdraw).url == review
    assert states(her) == ["withdrawn"]


def test_a_clerk_finds_it_in_her_queue_and_decides_on_its_page(client):
    proposal, clerk = proposed(), factories.staff("department_clerk")
    client.force_login(clerk)
    queue = client.get(reverse("admin:index")).context["queue"]
    titles = {line.title: line.count for line in queue}
    assert titles["待核对的更正申请"] == 1
    page = client.get(reverse("admin:talents_proposal_changelist")).content.decode()
    assert "姓名 王小敏 → 王晓敏；出生年月 1990年3月 → 1990年4月" in page
    change = reverse("admin:talents_proposal_change", args=[proposal.pk])
    page = client.get(change).content.decode()
    assert ("王小敏 → 王晓敏" in page, "申请更正身份信息" in page) == (True, True)
    refuse = reverse("admin:talents_proposal_refuse", args=[proposal.pk])
    assert client.post(refuse, {"reason": ""}).status_code == 422
    accept = reverse("admin:talents_proposal_accept", args=[proposal.pk])
    assert client.post(accept).url == reverse("admin:talents_proposal_changelist")
    assert names(proposal.talent) == ("王晓敏", "王晓敏")
    again = client.post(accept, follow=True)
    assert again.redirect_chain == [(reverse("admin:talents_proposal_changelist"), 302)]
    said = [str(message) for message in again.context["messages"]]
    assert said == ["王晓敏 的档案已更正，已通知本人。"] * 2
    assert accept not in client.get(change).content.decode()
    client.force_login(factories.staff("department_clerk"))
    assert client.post(accept).status_code == 422


def by_unit(talent, position):
    """What another unit says she is, waiting for a clerk."""
    with transaction.atomic():
        return operations.propose_by_unit(
            talent=talent, unit_id=factories.unit().pk, values={"position": position}, now=NOW
        )


def test_what_a_unit_said_is_decided_once_too_and_one_is_not_taken_for_another(client):
    talent = verified(position="工程师")
    first, second = by_unit(talent, "主任"), by_unit(talent, "副主任")
    client.force_login(factories.staff("department_clerk"))

    assert str(first) == talent.full_name  # a unit proposes no name

    def accept(proposal):
        address = reverse("admin:talents_proposal_accept", args=[proposal.pk])
        return client.post(address).status_code

    assert [accept(first), accept(first)] == [302, 302]
    assert accept(second) == 422  # the record is no more as that unit read it
    talent.refresh_from_db()
    assert (talent.position, states(talent)) == ("主任", ["accepted", "waiting"])


def test_another_department_does_not_see_it(client):
    proposal = proposed()
    client.force_login(factories.staff("department_clerk", department_code="trade_union"))
    for name in ("accept", "refuse", "reveal"):
        address = reverse(f"admin:talents_proposal_{name}", args=[proposal.pk])
        assert client.post(address, {"reason": "与证件不一致"}).status_code in (403, 404)
    assert "王晓敏" not in client.get(reverse("admin:talents_proposal_changelist")).content.decode()
    assert states(proposal.talent) == ["waiting"]


# --- at the same time -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locked", "rounds"), [(True, 10), (False, 1)])
def test_two_clerks_at_once(locked, rounds, monkeypatch):
    """One decides, the other is told. With the lock left out both believe they did: the control."""
    if not locked:
        together = Barrier(2)

        def take_up(proposal, by):
            proposal = Proposal.objects.get(pk=proposal.pk)
            together.wait(60)
            return proposal

        monkeypatch.setattr(proposals, "_take_up", take_up)
    accept_it = operations.accept_proposal
    for _ in range(rounds):
        proposal = proposed()
        first, second = (factories.staff("department_clerk") for _ in range(2))
        accept = {"proposal": proposal, "by": first, "now": NOW}
        other = {"proposal": proposal, "by": second, "now": NOW}
        # Both accept in the control: half a decision of each kind would wait for the other half.
        decide = partial(operations.refuse_proposal, reason="与证件不一致") if locked else accept_it
        answers = decide_together([partial(accept_it, **accept), partial(decide, **other)])
        assert answers.count("already_decided") == (1 if locked else 0)
        talent = proposal.talent
        decided = [verb for verb in verbs(talent) if verb in DECIDED]
        assert len(decided) == (1 if locked else 2)
        outcome = {"accepted": "王晓敏", "refused": "王小敏"}
        assert names(talent) == (outcome[states(talent)[0]],) * 2
        assert Notice.objects.filter(recipient=talent.user).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_saves_at_once_make_one_record():
    user = factories.user("王小敏")
    first = {"user": user, "step": 1, "values": {"full_name": "王小敏"}, "by": user, "now": NOW}
    for _ in range(3):
        Talent.objects.all().delete()
        answers = decide_together([lambda: operations.save_step(**first)] * 4)
        assert (answers, Talent.objects.count()) == (["draft"] * 4, 1)


@pytest.mark.parametrize(
    ("reported", "said", "told"),
    [(True, "本人不会收到通知", 0), (False, "本人会收到您写的原因", 1)],
)
def test_the_page_that_refuses_says_who_is_told(client, reported, said, told):
    clerk = factories.staff("department_clerk")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    proposal = by_unit(verified(), "主任") if reported else proposed(full_name="王晓敏")
    address = reverse("admin:talents_proposal_refuse", args=[proposal.pk])
    page = client.get(address).text
    assert (said in page, "本人会读到这句话" in page) == (True, not reported)
    client.post(address, {"reason": "本人来电说没有变化"})
    assert Notice.objects.filter(kind="talents.change_refused").count() == told
