"""A record a unit reported becomes hers by a code to its phone, or by a clerk; a wrong claim is taken back."""

import json
import re
from base64 import b64decode
from datetime import date, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from redis import Redis

from accounts.models import User
from kernel import gateways
from kernel.errors import DomainError
from liangjiang.celery import app
from notices import watch
from notices.models import Notice
from privacy import consents
from privacy.models import AuditEntry, Consent
from talents import operations, tasks
from talents.career import confirming
from talents.career import operations as career
from talents.models import CareerEntry, Claim, Talent
from talents.operations.claims import deciding, proving
from tests import factories
from tests.factories import NOW
from tests.talents.imports.workbooks import identity
from tests.talents.test_operations import PERSON, save
from tests.talents.test_verification import decide_together

pytestmark = pytest.mark.django_db
NUMBER, OTHER_NUMBER, PHONE = identity("19900301"), identity("19900302"), "14000006666"
CLAIM = reverse("profile_claim")


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def reported(**fields):
    """A record a unit reported, with number and phone."""
    standard = {"user": None, "source": "import", "full_name": "王小敏", "position": "院长"}
    return factories.talent(**standard | {"id_number": NUMBER, "phone": PHONE} | fields)


def woman(name="王小敏", *, agrees=("talent_database", "identity_number"), **fields):
    """A woman with an account and her consents."""
    person = factories.user(name, **fields)
    for purpose in agrees:
        factories.consent(person, purpose)
    return person


def ask(user, now=NOW, **given):
    """Ask for a record as her page does."""
    given.setdefault("full_name", user.full_name)
    return operations.ask_for_record(user=user, by=user, now=now, **given)


def code_of(function, **arguments):
    """The code of the refusal."""
    with pytest.raises(DomainError) as refused:
        function(**arguments)
    return refused.value.code


def verbs(talent):
    """What the audit log says of the record, in order."""
    entries = AuditEntry.objects.filter(object_type="talents.talent", object_id=str(talent.pk))
    return list(entries.order_by("pk").values_list("action", flat=True))


def sms():
    """The text messages that were sent, as (number, text)."""
    return [(message["to"], message["body"]) for message in gateways.outbox()]


# --- asking -----------------------------------------------------------------------------------


def test_consent_comes_first_and_is_kept_only_with_the_claim():
    user = woman(agrees=())
    assert code_of(ask, user=user) == "consent_needed"
    assert code_of(ask, user=user, agreed=["talent_database"], full_name="") == "name_missing"
    number = {"id_number": NUMBER, "agreed": ["talent_database"]}
    assert code_of(ask, user=user, **number) == "consent_needed"
    assert (Claim.objects.count(), Consent.objects.count()) == (0, 0)
    ask(user, id_number=NUMBER, agreed=["talent_database", "identity_number"])
    assert set(Consent.objects.values_list("source", flat=True)) == {"claim"}


def test_a_record_with_the_phone_she_proved_is_hers_at_once_and_stays_verified():
    user = woman()
    record = reported(phone=user.phone)
    assert operations.offered_record(user) == record
    claim = ask(user)
    record.refresh_from_db()
    assert (claim.state, claim.by_phone, record.user, record.state) == (
        "granted",
        True,
        user,
        "verified",
    )
    assert (verbs(record), Notice.objects.count()) == (["talents.claim"], 0)
    assert code_of(ask, user=user) == "has_record"


@pytest.mark.parametrize(("state", "offered"), [("submitted", True), ("verified", False)])
def test_what_a_list_brought_after_she_handed_in_is_offered_to_her(client, state, offered):
    user = woman()
    factories.talent(user=user, full_name=user.full_name, state=state, phone=user.phone)
    record = reported(phone=user.phone)
    client.force_login(user)
    page = client.get(reverse("profile"))
    assert (page.url == CLAIM) is offered
    if offered:
        assert client.get(CLAIM).context["found"] == record
        client.post(CLAIM, {})
        assert Talent.objects.get(user=user) == record


@pytest.mark.parametrize(
    "record",
    [
        {"full_name": "李小敏"},
        {"state": "submitted"},
        {"state": "left"},
    ],
)
def test_not_any_record_with_her_phone_is_hers(record):
    user = woman()
    reported(phone=user.phone, **record)
    assert operations.offered_record(user) is None
    assert ask(user).talent is None


def test_an_unproved_phone_is_no_proof():
    user = woman(phone_verified=False)
    reported(phone=user.phone)
    assert operations.offered_record(user) is None
    assert ask(user).state == "waiting"


def test_a_fitting_record_waits_for_a_code_or_a_clerk_and_nothing_goes_into_it():
    user, record = woman(), reported()
    draft = save(user, 1, PERSON | {"id_number": NUMBER})
    claim = ask(user, id_number=NUMBER)
    record.refresh_from_db()
    assert (claim.state, claim.talent, record.user, record.state) == (
        "waiting",
        record,
        None,
        "verified",
    )
    assert Talent.objects.filter(pk=draft.pk, user=user).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(
            user=user, full_name="王", department=factories.department(), asked_at=NOW
        )
    assert code_of(ask, user=user) == "claim_waiting"


def page_after(client, **given):
    """What a woman reads who asks with these answers."""
    user = woman("王小敏", agrees=("talent_database", "identity_number"))
    client.force_login(user)
    data = {"full_name": "王小敏"} | given
    answer = client.post(CLAIM, data)
    page = client.get(CLAIM).content.decode()
    wrong = client.post(CLAIM, {"code": "000000"})
    again = client.post(CLAIM, {"again": "1"}, follow=True).content.decode()
    said = wrong.content.decode()
    return (
        answer.status_code,
        answer.url,
        _plain(page),
        wrong.status_code,
        _plain(said),
        _plain(again),
    )


def _plain(page):
    """A page without what differs in every answer (the minute, too), and without what she typed herself."""
    page = re.sub(r'(?s)<dl class="facts.*?</dl>', "", page)
    page = re.sub(r"\b\d{1,2}:\d\d\b", "", page)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", page)


def test_the_answers_are_equal_whether_or_not_there_is_such_a_record(client):
    reported()
    hit = page_after(client, id_number=NUMBER)
    by_phone = page_after(client, phone=PHONE)
    miss = page_after(client, id_number=OTHER_NUMBER)
    assert hit[:2] == (302, CLAIM)
    assert hit == miss
    assert by_phone == miss
    fitting = [claim.talent is not None for claim in Claim.objects.order_by("pk")]
    assert fitting == [True, True, False]


def test_claims_are_limited_for_each_account_and_address_by_really_asking():
    user = woman()
    for _ in range(3):
        operations.withdraw_claim(claim=ask(user), by=user, now=NOW)
    assert code_of(ask, user=user) == "too_many_claims"
    assert ask(user, now=NOW + timedelta(days=1, seconds=1)).state == "waiting"
    here = "203.0.113.7"
    for _ in range(20):
        ask(woman(), address=here)
    assert code_of(ask, user=woman(), address=here) == "too_many_claims"
    assert ask(woman(), address="203.0.113.8").state == "waiting"
    assert ask(woman(), address=here, now=NOW + timedelta(hours=1, seconds=1)).state == "waiting"
    assert "203.0.113" not in stored_claims()


def stored_claims():
    """The table of claims as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, '') FROM talents_claim c")
        return cursor.fetchone()[0]


def alerts():
    """The alerts, as (whom they are about, kind)."""
    entries = AuditEntry.objects.filter(action="privacy.alert").order_by("pk")
    return [(entry.actor_id, entry.detail["kind"]) for entry in entries]


def test_whoever_reaches_a_limit_of_claims_is_told_of_once():
    user = woman()
    for number in range(3):
        assert alerts() == []
        operations.withdraw_claim(claim=ask(user), by=user, now=NOW + timedelta(minutes=number))
    assert alerts() == [(user.pk, "claims")]
    assert code_of(ask, user=user) == "too_many_claims"
    last = [ask(woman(), address="203.0.113.7") for _ in range(20)][-1]
    assert alerts() == [(user.pk, "claims"), (last.user_id, "claims")]
    auditor = factories.staff("auditor")
    watch.tell(now=NOW)
    told = Notice.objects.filter(recipient=auditor, kind="notices.alert").order_by("pk")
    assert [notice.context["what"]["zh-hans"] for notice in told] == [
        "认领档案的申请次数达到上限，已暂停她的申请"
    ] * 2


def test_five_wrong_codes_are_told_of_once():
    reported()
    claim = ask(woman(), id_number=NUMBER)
    wrong = "000000" if claim.code != "000000" else "111111"
    for _ in range(5):
        assert alerts() == []
        assert code_of(prove, claim=claim, code=wrong) == "code_wrong"
    assert alerts() == [(claim.user_id, "claim_codes")]
    assert code_of(prove, claim=claim, code=wrong) == "code_spent"
    assert alerts() == [(claim.user_id, "claim_codes")]


def test_of_several_that_fit_none_is_chosen():
    user = woman()
    reported(phone=user.phone, id_number=None)
    reported(phone=user.phone, id_number=None)
    assert operations.offered_record(user) is None
    assert ask(user).talent is None


# --- the code ---------------------------------------------------------------------------------


def prove(claim, code, now=NOW):
    """Enter a code as her page does."""
    return operations.prove_claim(claim=claim, code=code, by=claim.user, now=now)


def test_the_code_goes_to_the_phone_on_file_and_makes_the_record_hers(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    user, record = woman(), reported()
    claim = ask(user, id_number=NUMBER)
    tasks.send_claim_code(claim.pk)
    ((to, text),) = sms()
    assert (to, claim.code in text) == (PHONE, True)
    claim = prove(claim, claim.code)
    record.refresh_from_db()
    assert (claim.state, claim.by_phone, claim.code, record.user, record.phone) == (
        "granted",
        True,
        None,
        user,
        user.phone,
    )


def test_the_codes_of_one_network_have_a_budget(settings, tmp_path):
    """Codes asked for from one network are counted, whoever's phones they go to."""
    settings.OUTBOX_DIR = tmp_path
    settings.SMS_BUDGETS = settings.SMS_BUDGETS | {"network": 2}
    cache.clear()
    for number in range(3):
        phone = f"1400000777{number}"
        reported(phone=phone, id_number=None)
        claim = ask(woman(), phone=phone, address="203.0.113.7")
        tasks.send_claim_code.apply([claim.pk])
    assert [to for to, _text in sms()] == ["14000007771", "14000007770"]


def queued():
    """What waits in the queue, as (task, arguments); all of it is taken out."""
    messages = []
    with Redis.from_url(settings.REDIS_URL) as redis:
        while raw := redis.lpop(app.conf.task_default_queue):
            messages.append(json.loads(raw))
    return [(m["headers"]["task"], json.loads(b64decode(m["body"]))[0]) for m in messages]


@pytest.mark.django_db(transaction=True)
def test_the_queue_holds_nothing_of_hers_and_the_claim_where_she_asked_from_while_it_waits():
    """The queue is readable in Redis; the worker looks up what it needs."""
    queued()
    user = woman()
    claim = ask(user, phone=PHONE, address="203.0.113.7")
    later = NOW + timedelta(minutes=2)
    operations.send_code_again(claim=claim, by=user, now=later, address="198.51.100.4")
    sent = [message for message in queued() if message[0].startswith("talents")]
    assert sent == [("talents.tasks.send_claim_code", [claim.pk])] * 2
    assert [a in stored_claims() for a in ("198.51", b"198.51".hex())] == [False, False]
    claim.refresh_from_db()
    assert claim.code_address == "198.51.100.4"
    operations.withdraw_claim(claim=claim, by=user, now=later)
    claim.refresh_from_db()
    assert claim.code_address is None


class FailingSms:
    """A gateway that takes nothing, as the settings name it."""

    tried = 0
    flags = {}

    def send(self, phone, text, *, kind, params):
        FailingSms.tried += 1
        raise gateways.GatewayError("provider_down", **FailingSms.flags)


@pytest.mark.parametrize(
    ("flags", "tried"), [({}, 3), ({"unsure": True}, 1), ({"permanent": True}, 1)]
)
def test_a_code_that_does_not_leave_is_tried_three_times_at_most(
    client, settings, flags, tried, monkeypatch
):
    settings.SMS_GATEWAY = f"{__name__}.FailingSms"
    monkeypatch.setattr(FailingSms, "tried", 0)
    monkeypatch.setattr(FailingSms, "flags", flags)
    reported()
    user = woman("王小敏")
    client.force_login(user)
    answer = client.post(CLAIM, {"full_name": "王小敏", "id_number": NUMBER})
    assert tasks.send_claim_code.apply([Claim.objects.get().pk]).state == "SUCCESS"
    assert (answer.status_code, answer.url, FailingSms.tried) == (302, CLAIM, tried)
    claim = Claim.objects.get()
    assert (claim.state, client.get(CLAIM).status_code) == ("waiting", 200)
    assert operations.why_no_code(claim, claim.code_sent_at + timedelta(minutes=1)) is None


def test_without_a_record_or_its_phone_nothing_is_sent(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    reported(phone=None)
    for number in (NUMBER, OTHER_NUMBER):
        claim = ask(woman(), id_number=number)
        tasks.send_claim_code(claim.pk)
        assert code_of(prove, claim=claim, code=claim.code) == "code_wrong"
    assert sms() == []


def test_a_code_is_good_for_five_tries_and_ten_minutes():
    user, _record = woman(), reported()
    claim = ask(user, id_number=NUMBER)
    late = NOW + timedelta(minutes=10)
    assert code_of(prove, claim=claim, code=claim.code, now=late) == "code_wrong"
    wrong = "000000" if claim.code != "000000" else "111111"
    typed = [wrong, "一二三四五六", "", wrong]  # whatever is typed is a wrong code, not an error
    assert [code_of(prove, claim=claim, code=code) for code in typed] == ["code_wrong"] * 4
    assert code_of(prove, claim=claim, code=claim.code) == "code_spent"
    assert Talent.objects.filter(user=user).count() == 0


def test_a_code_is_sent_three_times_a_minute_apart():
    claim = ask(woman(), id_number=NUMBER)
    again = {"claim": claim, "by": claim.user}
    assert code_of(operations.send_code_again, **again, now=NOW) == "code_too_soon"
    for minutes in (1, 2):
        operations.send_code_again(**again, now=NOW + timedelta(minutes=minutes))
    assert (
        code_of(operations.send_code_again, **again, now=NOW + timedelta(hours=1)) == "code_spent"
    )


# --- a clerk ----------------------------------------------------------------------------------


def test_a_clerk_grants_it_and_the_verified_identity_stays():
    user, clerk = woman(), factories.staff("department_clerk")
    record = reported(birth_month=date(1990, 5, 1), professional_title="教授")
    draft = save(user, 1, PERSON | {"id_number": OTHER_NUMBER})
    save(user, 2, {"unit": None, "unit_text": "重庆大学", "position": "主任"})
    claim = ask(user)
    assert operations.candidates(claim, clerk) == [record]
    operations.grant_claim(claim=claim, talent=record, by=clerk, now=NOW)
    record.refresh_from_db()
    draft.refresh_from_db()
    assert (record.user, record.state, record.id_number, record.birth_month) == (
        user,
        "verified",
        NUMBER,
        date(1990, 5, 1),
    )
    assert (record.unit_text, record.position, record.professional_title) == (
        "重庆大学",
        "主任",
        "教授",
    )
    assert (draft.user, draft.state, draft.id_number) == (None, "draft", OTHER_NUMBER)
    wanted = operations.open_proposal(record)
    assert (wanted.changed, wanted.id_number) == (["birth_month", "id_number"], OTHER_NUMBER)
    assert Notice.objects.get().kind == "talents.claim_granted"


def test_an_unfit_claim_is_refused_with_a_reason():
    user, clerk = woman(), factories.staff("department_clerk")
    refuse = {"claim": ask(user), "by": clerk, "now": NOW}
    assert code_of(operations.refuse_claim, reason="", **refuse) == "reason_missing"
    operations.refuse_claim(reason="没有找到报送的档案。", **refuse)
    assert Notice.objects.get().context == {"reason": "没有找到报送的档案"}
    assert code_of(operations.refuse_claim, reason="再说一遍", **refuse) == "already_decided"
    assert ask(user).state == "waiting"


def test_a_claim_goes_to_the_department_that_can_decide_it(client):
    clerk = factories.staff("department_clerk")
    theirs = factories.staff("department_clerk", department_code="science_innovation")
    department, record = theirs.department, reported(department=theirs.department)
    claim = ask(woman())
    assert operations.candidates(claim, clerk) == []
    assert operations.why_not_grant(claim, clerk).code == "no_record"
    hand = {"claim": claim, "department": department, "by": clerk, "now": NOW}
    assert code_of(operations.hand_over_claim, reason="", **hand) == "reason_missing"
    client.force_login(clerk)
    page = reverse("admin:talents_claim_hand_over", args=[claim.pk])
    assert client.post(page, {"department": department.pk}).status_code == 422
    given = {"department": department.pk, "reason": "单位属于科创局"}
    assert client.post(page, given).url == reverse("admin:talents_claim_changelist")
    assert client.get(page).status_code == 404
    assert code_of(operations.hand_over_claim, reason="单位属于科创局", **hand) == "not_in_scope"
    claim.refresh_from_db()
    client.force_login(theirs)
    read = client.get(reverse("admin:talents_claim_change", args=[claim.pk])).content.decode()
    assert "单位属于科创局" in read
    operations.grant_claim(claim=claim, talent=record, by=theirs, now=NOW)
    entry = AuditEntry.objects.get(action="talents.hand_over_claim")
    assert (entry.detail["old"], entry.detail["new"]) == (clerk.department_id, department.pk)
    hand["claim"].refresh_from_db()
    back = {"department": clerk.department, "reason": "转错了部门", "by": theirs, "now": NOW}
    assert code_of(operations.hand_over_claim, claim=claim, **back) == "already_decided"


def test_what_another_department_keeps_is_not_shown_with_a_claim_handed_over(client):
    reported(unit_text="保密的单位")
    claim = ask(woman(), id_number=NUMBER)
    theirs = factories.staff("department_clerk", department_code="science_innovation")
    given = {"department": theirs.department, "reason": "单位属于科创局"}
    operations.hand_over_claim(claim=claim, by=None, now=NOW, **given)
    client.force_login(theirs)
    page = client.get(reverse("admin:talents_claim_change", args=[claim.pk])).content.decode()
    assert ("保密的单位" in page, "在其他部门，请转交" in page) == (False, True)


def test_what_was_once_in_the_database_is_no_draft_to_be_put_aside():
    """It may have bookings; deleting it was an error without a sentence."""
    talent = factories.talent(full_name="王小敏")
    factories.consent(talent.user, "talent_database")
    factories.booking(factories.event(), talent)
    reported(phone=talent.user.phone)
    assert code_of(ask, user=talent.user) == "has_record"
    consents.withdraw(user=talent.user, purpose="talent_database", by=talent.user, now=NOW)
    agreed = ["talent_database"]
    assert code_of(ask, user=talent.user, agreed=agreed) == "has_record"


def test_withdrawing_consent_takes_the_claim_back_and_erases_the_number():
    user, _record = woman(), reported()
    claim = ask(user, id_number=NUMBER)
    consents.withdraw(user=user, purpose="identity_number", by=user, now=NOW)
    claim.refresh_from_db()
    assert (claim.state, claim.id_number) == ("waiting", None)
    consents.withdraw(user=user, purpose="talent_database", by=user, now=NOW)
    claim.refresh_from_db()
    assert claim.state == "withdrawn"


# --- taken back -------------------------------------------------------------------------------


def test_a_wrong_claim_is_taken_back_and_everything_is_as_it_was():
    user, clerk = woman(), factories.staff("department_clerk")
    record = reported(professional_title="教授", unit_text="重庆礼嘉医院")
    save(user, 1, PERSON | {"full_name": "王小敏", "birth_month": date(1991, 1, 1)})
    draft = save(user, 2, {"unit": None, "unit_text": "别的单位", "position": "主任"})
    before = Talent.objects.filter(pk=record.pk).values().get()
    claim = operations.grant_claim(claim=ask(user), talent=record, by=clerk, now=NOW)
    assert operations.open_proposal(Talent.objects.get(pk=record.pk)) is not None
    undo = {"claim": claim, "by": clerk, "now": NOW}
    assert code_of(operations.undo_claim, reason="错", **undo) == "reason_missing"
    claim = operations.undo_claim(reason="经核对不是本人", **undo)
    after = Talent.objects.filter(pk=record.pk).values().get()
    skip = ("phone", "id_number", "email", "updated_at")
    assert {k: v for k, v in after.items() if k not in skip} == {
        k: v for k, v in before.items() if k not in skip
    }
    record.refresh_from_db()
    assert (record.phone, record.id_number, record.user) == (PHONE, NUMBER, None)
    draft.refresh_from_db()
    assert (draft.user, draft.state, draft.unit_text) == (user, "draft", "别的单位")
    assert operations.own_record(User.objects.get(pk=user.pk)) == draft
    assert record.proposals.get().state == "withdrawn"
    assert verbs(record)[-1] == "talents.undo_claim"
    assert code_of(operations.undo_claim, reason="经核对不是本人", **undo) == "not_granted"
    rightful = woman(phone=PHONE)
    assert ask(rightful).talent == record


def entry(talent, name, by=None, **arguments):
    """A work of hers, written by a clerk unless it says otherwise."""
    values = {"sort": "paper", "name": name, "began": date(2020, 1, 1)}
    arguments |= {"reason": "按登记表录入", "now": NOW, "by": by}
    talent = Talent.objects.get(pk=talent.pk)
    return career.save_entry(talent=talent, kind="achievement", values=values, **arguments)


@pytest.mark.parametrize("has_draft", [True, False])
def test_of_a_wrong_claim_nothing_stays_in_the_career_and_nothing_is_lost(has_draft):
    user, record = woman(), reported()
    changed, deleted = entry(record, "齿轮噪声研究"), entry(record, "轴承寿命研究")
    if has_draft:
        draft = save(user, 1, PERSON | {"full_name": "王小敏"})
        user = User.objects.get(pk=user.pk)
        entry(draft, "工作人员替她登记的")
        entry(draft, "她自己填写的", by=user)
    claim = operations.grant_claim(claim=ask(user), talent=record, by=None, now=NOW)
    user, later = User.objects.get(pk=user.pk), NOW + timedelta(minutes=1)
    entry(record, "白露凝霜研究", by=user, entry=changed)
    entry(record, "认领以后填写的", by=user)
    deleted = CareerEntry.objects.get(pk=deleted.pk)
    career.delete_entry(entry=deleted, by=user, now=later)
    confirming.confirm(talent=Talent.objects.get(pk=record.pk), by=user, now=later)
    operations.undo_claim(claim=claim, reason="经核对不是本人", by=None, now=later)
    record.refresh_from_db()
    kept = record.career.order_by("pk").values_list("name", "source", "deleted_at")
    assert list(kept) == [("齿轮噪声研究", "staff", None), ("轴承寿命研究", "staff", None)]
    assert (record.confirmed_at, record.confirmed_by) == (None, "")
    assert ("白露凝霜" in record.search_text, "齿轮噪声" in record.search_text) == (False, True)
    hers = {"工作人员替她登记的", "她自己填写的", "认领以后填写的"} if has_draft else set()
    others = CareerEntry.objects.exclude(talent=record)
    assert set(others.values_list("name", flat=True)) == hers
    if has_draft:
        draft.refresh_from_db()
        assert "认领以后填写的" in draft.search_text


def test_a_claim_that_waits_goes_where_its_record_goes():
    record, user = reported(), woman()
    claim, decided = ask(user, id_number=NUMBER), ask(woman(), id_number=OTHER_NUMBER)
    operations.refuse_claim(claim=decided, reason="没有报送过", by=None, now=NOW)
    union = factories.department("trade_union")
    operations.hand_over(talent=record, department=union, by=None, now=NOW)
    claim.refresh_from_db()
    decided.refresh_from_db()
    assert (claim.department == union, decided.department == union) == (True, False)
    clerk = factories.staff("department_clerk", department_code="trade_union")
    assert deciding.candidates(claim, clerk) == [record]
    said = AuditEntry.objects.get(action="talents.hand_over_claim")
    assert (said.object_id, said.detail["new"]) == (str(claim.pk), union.pk)


# --- pages ------------------------------------------------------------------------------------


def test_she_asks_enters_the_code_and_has_the_record(client):
    user, record = woman("王小敏", agrees=()), reported()
    client.force_login(user)
    assert CLAIM in client.get(reverse("profile_step", args=[1])).content.decode()
    form = {"full_name": "王小敏", "id_number": NUMBER}
    answer = client.post(CLAIM, form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["agree"])
    answer = client.post(CLAIM, form | {"agree": "on"})
    assert list(answer.context["form"].errors) == ["agree_number"]
    assert client.post(CLAIM, form | {"agree": "on", "agree_number": "on"}).url == CLAIM
    assert "您的认领申请正在核对" in client.get(reverse("dashboard")).content.decode()
    claim = Claim.objects.get()
    assert (claim.address != "", PHONE in client.get(CLAIM).content.decode()) == (True, False)
    assert client.post(CLAIM, {"code": claim.code}).url == reverse("profile_review")
    record.refresh_from_db()
    assert record.user == user


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_she_finds_her_claim_waiting():
    """The second answer is the one the browser shows."""
    user = woman()
    browsers = [Client() for _ in range(4)]
    for browser in browsers:
        browser.force_login(user)

    def press(browser):
        answer = browser.post(CLAIM, {"full_name": user.full_name})
        return Claim(state=answer.get("Location") or str(answer.status_code))

    answers = decide_together([partial(press, browser) for browser in browsers])
    assert set(answers) <= {CLAIM, "200"}  # who comes late enough is shown it at once
    assert CLAIM in answers
    assert Claim.objects.count() == 1


def test_she_takes_her_claim_back(client):
    user = woman()
    client.force_login(user)
    ask(user)
    assert client.post(CLAIM, {"withdraw": "1"}).url == reverse("profile")
    assert Claim.objects.get().state == "withdrawn"


def test_a_clerk_decides_and_undoes_on_the_claims_page(client):
    record, clerk = reported(), factories.staff("department_clerk")
    claim = ask(woman(), id_number=NUMBER)
    client.force_login(clerk)
    assert "王小敏" in client.get(reverse("admin:talents_claim_changelist")).content.decode()
    address = partial(reverse, args=[claim.pk])
    page = client.get(address("admin:talents_claim_change")).content.decode()
    assert (NUMBER in page, address("admin:talents_claim_grant") in page) == (False, True)
    grant = client.get(address("admin:talents_claim_grant")).content.decode()
    assert "身份证号一致" in grant
    assert client.post(address("admin:talents_claim_grant")).status_code == 422
    done = client.post(address("admin:talents_claim_grant"), {"talent": record.pk})
    assert done.url == reverse("admin:talents_claim_changelist")
    again = client.post(address("admin:talents_claim_grant"), {"talent": record.pk}, follow=True)
    assert [str(said) for said in again.context["messages"]] == ["已归到她的账号，已通知本人。"] * 2
    other = {"talent": reported(id_number="", phone="").pk}
    assert client.post(address("admin:talents_claim_grant"), other).status_code == 422
    assert (
        client.post(address("admin:talents_claim_refuse"), {"reason": "没有找到"}).status_code
        == 422
    )
    assert (
        client.post(address("admin:talents_claim_undo"), {"reason": "不是本人"}).status_code == 302
    )
    claim.refresh_from_db()
    assert (claim.state, claim.reason) == ("undone", "不是本人")
    client.force_login(factories.staff("department_clerk", department_code="trade_union"))
    for name in ("grant", "refuse", "undo"):
        data = {"talent": record.pk, "reason": "不是本人"}
        assert client.post(address(f"admin:talents_claim_{name}"), data).status_code == 404


# --- at the same time -------------------------------------------------------------------------


def or_constraint(operation):
    """Call an operation; "constraint" where only the database keeps it from happening."""
    try:
        return operation()
    except IntegrityError:
        return Claim(state="constraint")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locked", "second"), [(True, "already_claimed"), (False, "constraint")])
def test_one_record_goes_to_one_of_two_women(locked, second, monkeypatch):
    """With the locks left out both clerks believe it is free, and an error is all that stops one: the control."""
    if not locked:
        together = Barrier(2)

        def read(claim):
            claim = Claim.objects.select_related("user", "talent").get(pk=claim.pk)
            together.wait(60)
            return claim

        monkeypatch.setattr(deciding, "lock", read)
    clerks = [factories.staff("department_clerk") for _ in range(2)]
    for _ in range(5 if locked else 1):
        record = reported(id_number=None)
        asked = [ask(woman(), phone=PHONE) for _ in range(2)]
        grants = [
            partial(operations.grant_claim, claim=claim, talent=record, by=clerk, now=NOW)
            for claim, clerk in zip(asked, clerks, strict=True)
        ]
        answers = decide_together([partial(or_constraint, grant) for grant in grants])
        assert sorted(answers) == sorted([second, "granted"])
        assert Claim.objects.filter(talent=record, state="granted").count() == 1
        Claim.objects.all().delete()
        Talent.objects.all().delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("counted", "looked_at"), [(True, 5), (False, 12)])
def test_guesses_at_once_are_counted(counted, looked_at, monkeypatch):
    """Twelve at once: five are looked at. Counted in two steps, all of them are: the control."""
    reported()
    claim = ask(woman(), id_number=NUMBER)
    wrong = "000000" if claim.code != "000000" else "111111"
    guess = partial(prove, claim, wrong)
    if not counted:
        together = Barrier(12)

        def in_two_steps():
            tries = Claim.objects.get(pk=claim.pk).tries
            together.wait(60)
            Claim.objects.filter(pk=claim.pk).update(tries=tries + 1)
            return proving._prove(claim, wrong, claim.user, NOW)

        guess = in_two_steps
    answers = decide_together([guess] * 12)
    assert answers.count("code_wrong") == looked_at
