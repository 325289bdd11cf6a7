"""An introduction: to one bank, in turn, withdrawn with nothing left; wrong answers, deadlines, what each end says next."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from entrepreneurship.finance import operations, personal_data, referrals_queue
from entrepreneurship.finance import referrals_rules as rules
from entrepreneurship.finance.models import Referral, ReferralStep
from entrepreneurship.finance.next_steps import next_step
from entrepreneurship.finance.tasks import follow_referrals
from kernel.days import months_after
from kernel.errors import DomainError
from kernel.portal import Person
from notices.models import Delivery, Notice
from privacy import consents
from privacy.models import AuditEntry, Consent
from tests import factories
from tests.api.conftest import make_partner
from tests.entrepreneurship import finance_make as make
from tests.entrepreneurship import make as ventures

pytestmark = pytest.mark.django_db
NOW, TODAY, DAY = make.NOW, make.TODAY, timedelta(days=1)


def refused(operation, **given):
    with pytest.raises(DomainError) as error, transaction.atomic():
        operation(**{"by": None, "now": NOW} | given)
    return error.value.code


def fresh(referral):
    return Referral.objects.get(pk=referral.pk)


# --- introducing -----------------------------------------------------------------------------------
def test_carried_nothing_of_hers_leaves_us_and_no_agreement_is_needed():
    referral = make.referral(way="carry")
    assert (referral.contents, referral.shared, referral.due_on) == (None, [], None)
    assert (Consent.objects.count(), Notice.objects.count()) == (0, 0)


def test_a_bank_that_calls_is_told_what_she_ticked_and_nothing_else():
    referral = make.referral(way="call")
    hers = referral.talent
    said = {"full_name": hers.full_name, "phone": hers.user.phone, "venture": "听声科技"}
    assert json.loads(referral.contents) == said
    consent = Consent.objects.get()
    assert (consent.about, consent.recipient, consent.good_until) == (
        referral.code,
        "两江科技银行（科技支行对公业务部 023-60000001）",
        rules.agreed_until(referral),
    )


def test_without_an_assessment_in_force_no_bank_calls():
    bank = make.bank(papers=("agreement",))
    given = make.asks(make.shown(bank))
    assert refused(operations.introduce, **given) == "bank_may_not_call"
    assert Referral.objects.count() == 0
    make.paper(bank, kind="assessment", valid_until=TODAY)
    operations.introduce(**given, by=None, now=NOW)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"shared": ("full_name",)}, "fields_missing"),
        ({"purpose": "research"}, "purpose_unfit"),
        ({"purpose": "house"}, "purpose_unfit"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence_and_no_row(given, code):
    assert refused(operations.introduce, **make.asks(**given)) == code
    assert (Referral.objects.count(), Consent.objects.count()) == (0, 0)


def test_one_bank_at_a_time_three_at_most_by_rule_and_by_constraint():
    venture = ventures.venture()
    first = make.referral(venture=venture, way="carry")
    other = make.shown(make.bank("嘉陵商业银行"))
    given = make.asks(other, venture, way="carry")
    assert refused(operations.introduce, **given) == "one_bank"
    copy = {f.attname: getattr(first, f.attname) for f in Referral._meta.fields if f.name != "id"}
    for number in (2, 4):
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.create(**copy | {"code": "ZZZZZZZZ", "number": number})
    operations.withdraw_referral(referral=first, by=None, now=NOW)
    for _time in range(2):
        second = operations.introduce(**given, by=None, now=NOW)
        operations.withdraw_referral(referral=second, by=None, now=NOW)
    assert second.number == 3
    assert refused(operations.introduce, **given) == "three_banks"
    operations.introduce(**given | {"purpose": "working_capital"}, by=None, now=NOW)


def test_what_ran_out_makes_room_before_any_job_has_seen_it():
    first = make.referral(way="carry")
    later = first.good_until + timedelta(seconds=1)
    given = make.asks(make.shown(make.bank("嘉陵商业银行")), first.venture, way="carry")
    assert operations.introduce(**given, by=None, now=later).number == 2
    assert fresh(first).state == "lapsed"


def test_a_version_stays_with_an_introduction_and_is_frozen_by_it():
    referral = make.referral()
    terms = referral.terms
    values = {"rate": 3}
    assert refused(operations.change_terms, terms=terms, values=values) == "terms_used"
    with pytest.raises(IntegrityError), transaction.atomic():
        type(terms).objects.filter(pk=terms.pk).update(rate=3)
    later = NOW + 9 * DAY
    operations.end_terms(terms=terms, ends_on=TODAY + 8 * DAY, by=None, now=later)
    new = {"valid_from": TODAY + 9 * DAY, "valid_until": make.FAR}
    make.terms(terms.product, later, **new)
    assert fresh(referral).terms == terms


# --- the desk --------------------------------------------------------------------------------------
def test_a_code_is_typed_once_at_its_own_bank():
    referral = make.referral(way="carry")
    contact, other = make.contact(referral.bank), make.contact(make.bank("嘉陵商业银行"))
    typed = {"code": f"{referral.code[:4].lower()} {referral.code[4:]}", "by": contact}
    assert refused(operations.receive_code, **typed | {"by": other}) == "code_unknown"
    assert operations.receive_code(**typed, now=NOW).state == "received"
    assert refused(operations.receive_code, **typed) == "code_used"
    assert ReferralStep.objects.count() == 2


def test_twenty_wrong_codes_in_an_hour_close_the_desk():
    referral = make.referral(way="carry")
    contact = make.contact(referral.bank)
    wrong = {"code": "ZZZZZZZZ", "by": contact}
    met = []
    for _time in range(21):
        try:
            operations.receive_code(**wrong, now=NOW)
        except DomainError as error:
            met.append(error.code)
    assert met == ["code_unknown"] * 20 + ["too_many_lookups"]
    right = {"code": referral.code, "by": contact}
    assert refused(operations.receive_code, **right) == "too_many_lookups"
    operations.receive_code(**right, now=NOW + timedelta(hours=1, seconds=1))


# --- answers ---------------------------------------------------------------------------------------
def test_the_bank_answers_in_turn_and_each_step_is_a_row():
    referral = make.referral("received", "contacted")
    referral = make.say(referral, "approved", band="to_100")
    referral = make.say(referral, "disbursed", band="to_50")
    assert (referral.state, referral.band, referral.ended_at) == ("disbursed", "to_50", NOW)
    states = ["introduced", "received", "contacted", "approved", "disbursed"]
    assert list(ReferralStep.objects.values_list("state", flat=True)) == states
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferralStep.objects.update(state="approved")


@pytest.mark.parametrize(
    ("done", "answer", "said", "code"),
    [
        ((), "approved", {}, "out_of_turn"),
        ((), "declined", {"reason": "documents"}, "out_of_turn"),
        (("received",), "received", {}, "out_of_turn"),
        (("received",), "declined", {}, "reason_missing"),
        (("received",), "contacted", {"reason": "documents"}, "reason_unasked"),
        (("received",), "contacted", {"band": "to_10"}, "band_unasked"),
        (("received",), "contacted", {"on": TODAY - DAY}, "day_before_step"),
        (("received",), "contacted", {"on": TODAY + DAY}, "day_ahead"),
        (("received", "contacted"), "approved", {"band": "to_500"}, "band_above_limit"),
        (("received", "contacted"), "approved", {"band": "1.005"}, "band_unknown"),
        (("received", "contacted"), "paid", {}, "answer_unknown"),
    ],
)
def test_a_wrong_answer_is_one_sentence_and_no_row(done, answer, said, code):
    referral = make.referral(*done)
    before = ReferralStep.objects.count()
    given = {"reason": "", "band": ""} | said
    assert refused(operations.answer_referral, referral=referral, answer=answer, **given) == code
    assert (ReferralStep.objects.count(), fresh(referral).state) == (before, referral.state)


def test_no_amount_where_she_did_not_agree_and_none_paid_above_what_was_approved():
    silent = make.referral("received", "contacted", tells_amount=False)
    given = {"referral": silent, "answer": "approved", "band": "to_10"}
    assert refused(operations.answer_referral, **given) == "band_not_agreed"
    told = make.referral("received", "contacted", one=silent.product, venture=ventures.venture())
    make.say(told, "approved", band="to_10")
    given = {"referral": told, "answer": "disbursed", "band": "to_50"}
    assert refused(operations.answer_referral, **given) == "band_above_approved"


def test_an_answer_is_taken_back_within_days_and_its_trace_stays():
    referral = make.referral("received", "contacted")
    referral = make.say(referral, "declined", reason="quota")
    late = NOW + rules.UNDO_WITHIN + timedelta(seconds=1)
    assert refused(operations.undo_answer, referral=referral, now=late) == "undo_too_late"
    back = operations.undo_answer(referral=referral, by=None, now=NOW + DAY)
    assert (back.state, back.reason, back.ended_at) == ("contacted", "", None)
    assert [step.undoes_id is not None for step in ReferralStep.objects.order_by("pk")] == [
        *([False] * 4),
        True,
    ]
    back = operations.undo_answer(referral=back, by=None, now=NOW + DAY)
    assert (back.state, back.contacted_on) == ("received", None)
    make.say(back, "contacted", now=NOW + DAY)


def test_the_officer_corrects_later_with_a_reason_unless_she_went_on():
    referral = make.referral("received", "not_reached", way="carry")
    later = NOW + 20 * DAY
    assert refused(operations.correct_answer, referral=referral, reason="", now=later) == (
        "reason_missing"
    )
    why = "银行来电更正，已联系上"
    operations.correct_answer(referral=referral, reason=why, by=None, now=later)
    assert fresh(referral).state == "received"
    entry = AuditEntry.objects.filter(action="entrepreneurship.undo_answer").get()
    assert (entry.reason, entry.detail["state"]) == (why, ["not_reached", "received"])
    make.say(fresh(referral), "not_reached", now=later)
    given = make.asks(make.shown(make.bank("嘉陵商业银行")), referral.venture, way="carry")
    operations.introduce(**given, by=None, now=later)
    again = {"referral": fresh(referral), "reason": why, "now": later}
    assert refused(operations.correct_answer, **again) == "went_on"


# --- withdrawing -----------------------------------------------------------------------------------
def test_withdrawn_nothing_is_left_the_bank_is_asked_until_it_confirms_and_news_is_taken_back():
    bank = make.bank()
    contact = make.contact(bank)
    referral = make.referral("received", one=make.shown(bank))
    operations.withdraw_referral(referral=referral, by=None, now=NOW)
    gone = fresh(referral)
    assert (gone.state, gone.contents, gone.deletion_asked_at) == ("withdrawn", None, NOW)
    assert operations.read_referral(referral=gone, by=contact, now=NOW)[1] == {}
    assert not consents.standing(referral.talent.user, NOW).exists()
    waiting = Delivery.objects.filter(state="pending").values_list("notice__kind", flat=True)
    assert list(waiting) == ["entrepreneurship.referral_delete"]
    for days, told in ((6, 1), (7, 2), (8, 2)):
        rows = Referral.objects.to_delete()
        for row in rows:
            operations.ask_deletion_again(referral=row, now=NOW + days * DAY)
        asked = Notice.objects.filter(kind="entrepreneurship.referral_delete")
        assert asked.count() == told
    operations.confirm_deletion(referral=gone, by=contact, now=NOW + 9 * DAY)
    assert not Referral.objects.to_delete().exists()


def test_withdrawn_on_the_page_of_consents_the_introduction_ends():
    referral = make.referral("received")
    about = {"user": referral.talent.user, "purpose": rules.PURPOSE, "about": referral.code}
    consents.withdraw_one(**about, by=referral.talent.user, now=NOW)
    assert (fresh(referral).state, fresh(referral).contents) == ("withdrawn", None)


def test_after_an_end_too_her_agreement_can_be_withdrawn_and_contents_go():
    referral = make.referral("received", "declined")
    about = {"user": referral.talent.user, "purpose": rules.PURPOSE, "about": referral.code}
    consents.withdraw_one(**about, by=referral.talent.user, now=NOW)
    gone = fresh(referral)
    assert (gone.state, gone.contents, gone.deletion_asked_at) == ("declined_by_bank", None, NOW)


def test_erased_or_gone_from_the_database_it_is_withdrawn():
    referral = make.referral("received")
    talent = referral.talent
    assert personal_data.erase(Person(talent.user, (talent,)), NOW) == 1
    assert personal_data.erase(Person(talent.user, (talent,)), NOW) == 0
    other = make.referral(one=referral.product, venture=ventures.venture())
    assert len(personal_data.lost_by_leaving(other.talent, NOW, True)) == 1
    personal_data.leave(talent=other.talent, hers=True, now=NOW)
    assert {fresh(one).state for one in (referral, other)} == {"withdrawn"}


def test_contents_go_thirty_days_after_the_end():
    referral = make.referral("received", "declined")
    (rule,) = [one for one in personal_data.RETENTION if hasattr(one, "code")]
    assert not rule.rows(rule.keep.before(NOW + 30 * DAY)).exists()
    rows = rule.rows(rule.keep.before(NOW + 30 * DAY + timedelta(seconds=1)))
    rule.forget(rows)
    assert fresh(referral).contents is None


def test_an_sms_says_nothing_of_banks_or_money():
    referral = make.referral("received")
    notice = Notice.objects.get(recipient=referral.talent.user)
    assert notice.discreet
    from notices import kinds

    outside = " ".join(map(str, kinds.kind(notice.kind).outside))
    assert [word for word in ("银行", "金融", "贷", "款") if word in outside] == []


# --- time ------------------------------------------------------------------------------------------
def test_late_the_bank_is_reminded_once_then_the_officer_hears():
    bank, officer = make.bank(), make.officer()
    make.contact(bank)
    referral = make.referral(one=make.shown(bank))
    assert referral.due_on == rules.due_on(referral, "introduced")
    late = NOW + (referral.due_on - TODAY + DAY)
    for moment in (late, late):
        operations.remind_bank(referral=referral, now=moment)
    operations.escalate_referral(referral=referral, now=late + timedelta(hours=1))
    assert Notice.objects.filter(kind="entrepreneurship.referral_overdue").count() == 0
    assert referrals_queue.overdue(officer, late).count == 1
    operations.escalate_referral(referral=referral, now=late + 9 * DAY)
    assert list(
        Notice.objects.filter(kind__startswith="entrepreneurship.referral_")
        .order_by("pk")
        .values_list("kind", "recipient__full_name")
    ) == [
        ("entrepreneurship.referral_waits", "秦联络"),
        ("entrepreneurship.referral_waits", "秦联络"),
        ("entrepreneurship.referral_overdue", officer.full_name),
    ]
    make.say(fresh(referral), "received", now=late + 9 * DAY)
    assert (fresh(referral).reminded_on, referrals_queue.overdue(officer, late).count) == (None, 0)


def test_a_holiday_entered_later_moves_what_is_due_later_never_earlier(monkeypatch):
    referral = make.referral()
    due = referral.due_on
    Referral.objects.update(due_on=due - DAY)
    operations.move_terms(now=NOW)
    assert fresh(referral).due_on == due
    Referral.objects.update(due_on=due + DAY)
    operations.move_terms(now=NOW)
    assert fresh(referral).due_on == due + DAY


def test_the_clock_ends_what_ran_out():
    then = timezone.now() - 40 * DAY
    called = make.referral("received", now=then)
    carried = make.referral(
        "received",
        "contacted",
        way="carry",
        now=then,
        venture=ventures.venture(),
        one=called.product,
    )
    follow_referrals()
    gone = fresh(called)
    assert (gone.state, gone.contents, gone.deletion_asked_at is None) == ("lapsed", None, False)
    assert fresh(carried).state == "contacted"


def test_every_state_says_what_comes_next():
    said = set()
    for answers in (
        (),
        ("received",),
        ("received", "contacted", "approved"),
        ("received", "contacted", "approved", "disbursed"),
        ("received", "declined"),
        ("received", "contacted", "declined_by_client"),
        ("received", "not_reached"),
    ):
        venture = ventures.venture()
        bank = make.bank(f"银行 {len(said)}")
        said.add(next_step(make.referral(*answers, venture=venture, one=make.shown(bank)), NOW)[0])
    assert len(said) == 7


# --- pages and API ---------------------------------------------------------------------------------
@pytest.fixture
def her(client):
    """A founder who reads a product that is shown today."""
    now = timezone.now()
    product = make.shown(now=now)
    venture = ventures.venture(now=now)
    client.force_login(venture.talent.user)
    return product, venture


def test_she_asks_reads_and_withdraws_on_her_phone(client, her):
    product, venture = her
    page = f"/innovation/finance/products/{product.code}/introduce/"
    assert client.get(page).status_code == 200
    typed = {"venture": venture.code, "purpose": "start", "way": "call", "shared": ["full_name"]}
    wrong = client.post(page, typed)
    assert (wrong.status_code, "至少需要姓名和手机号" in wrong.content.decode()) == (422, True)
    sent = client.post(page, typed | {"shared": ["full_name", "phone"]})
    referral = Referral.objects.get()
    assert sent.headers["Location"] == referral.get_absolute_url()
    assert "银行最晚在" in client.get(sent.headers["Location"]).content.decode()
    assert "巾帼科创贷" in client.get("/innovation/finance/mine/").content.decode()
    ending = f"{referral.get_absolute_url()}withdraw/"
    assert "确认撤回" in client.get(ending).content.decode()
    assert client.post(ending).status_code == 302
    assert fresh(referral).state == "withdrawn"


def test_the_page_she_carries_names_nobody(client, her):
    product, venture = her
    given = make.asks(product, venture, way="carry", now=timezone.now())
    referral = operations.introduce(**given, by=venture.talent.user, now=timezone.now())
    page = client.get(referral.get_absolute_url()).content.decode()
    assert (referral.spaced_code in page, "<svg" in page) == (True, True)
    client.force_login(factories.talent().user)
    assert client.get(referral.get_absolute_url()).status_code == 404


@pytest.fixture
def desk(client, her, settings):
    settings.STAFF_SECOND_FACTOR = False
    product, venture = her
    contact = make.contact(product.bank)
    client.force_login(contact)
    return product, venture, contact


def test_a_banks_contact_needs_a_second_factor(client, desk, settings):
    assert client.get("/innovation/finance/bank/").status_code == 200
    settings.STAFF_SECOND_FACTOR = True
    held = client.get("/innovation/finance/bank/")
    assert (held.status_code, "/2fa/" in held.headers["Location"]) == (302, True)
    settings.STAFF_SECOND_FACTOR = False
    desk[2].groups.clear()
    assert client.get("/innovation/finance/bank/").status_code == 403


def test_the_bank_types_answers_corrects_and_sees_no_name(client, desk):
    product, venture, _contact = desk
    now = timezone.now()
    given = make.asks(product, venture, way="carry", now=now)
    referral = operations.introduce(**given, by=venture.talent.user, now=now)
    page = "/innovation/finance/bank/"
    assert client.post(page, {"code": "ZZZZ ZZZZ"}).status_code == 422
    sent = client.post(page, {"code": referral.code}, follow=True)
    one = sent.redirect_chain[-1][0]
    text = sent.content.decode()
    assert (venture.talent.full_name in text, venture.name in text) == (False, False)
    day = timezone.localdate().isoformat()
    wrong = client.post(one, {"answer": "approved", "on": day})
    assert wrong.status_code == 422
    assert client.post(one, {"answer": "contacted", "on": day}).status_code == 302
    assert client.post(f"{one}undo/").status_code == 302
    assert fresh(referral).state == "received"
    client.force_login(make.contact(make.bank("嘉陵商业银行")))
    assert client.get(one).status_code == 404


def post(partner, path, body, key):
    headers = {"Authorization": f"Bearer {partner.token}", "Idempotency-Key": key}
    return Client().post(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def test_a_banks_program_reads_answers_once_and_confirms_the_deletion(her):
    product, venture = her
    now = timezone.now()
    referral = operations.introduce(
        **make.asks(product, venture, now=now), by=venture.talent.user, now=now
    )
    partner = make_partner(scopes=["finance:read", "finance:answer"], unit=product.bank.unit)
    one = f"/finance/referrals/{referral.code}/"
    read = json.loads(partner.get(one).content)
    assert (read["status"], read["contents"]["full_name"]) == (
        "introduced",
        venture.talent.full_name,
    )
    listed = json.loads(partner.get("/finance/referrals/").content)["results"]
    assert [row.keys() & {"contents", "full_name"} for row in listed] == [set()]
    for _time in range(2):
        sent = post(partner, f"{one}answers/", {"answer": "received"}, "key-00001")
        assert json.loads(sent.content)["status"] == "received"
    assert post(partner, f"{one}answers/", {"answer": "disbursed"}, "key-00002").status_code == 409
    operations.withdraw_referral(referral=fresh(referral), by=venture.talent.user, now=now)
    gone = {"code": referral.code, "status": "consent_withdrawn"}
    assert json.loads(partner.get(one).content) == gone
    assert json.loads(partner.get("/finance/referrals/?to_delete=true").content)["results"] == [
        gone
    ]
    assert json.loads(post(partner, f"{one}deletion/", {}, "key-00003").content) == gone
    assert json.loads(partner.get("/finance/referrals/?to_delete=true").content)["results"] == []
    assert AuditEntry.objects.filter(action="entrepreneurship.read_referral").count() == 2
    other = make_partner(scopes=["finance:read"], unit=make.bank("嘉陵商业银行").unit)
    assert other.get(one).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "0"),
        ("amount", "-1"),
        ("amount", "1.005"),
        ("approved", "22"),
        ("received", "-1"),
    ],
)
def test_wrong_totals_are_one_sentence_and_no_row(client, desk, field, value):
    product = desk[0]
    quarter = months_after(timezone.localdate().replace(month=1, day=1), -3)
    typed = {"quarter": quarter.isoformat(), **{k: str(v) for k, v in make.quarter().items()}}
    page = "/innovation/finance/bank/totals/"
    assert client.post(page, typed | {field: value}).status_code == 422
    assert product.bank.totals.count() == 0
    assert client.post(page, typed).status_code == 302
    assert client.post(page, typed | {"received": "30"}).status_code == 302
    assert product.bank.totals.get().received == 30


def test_the_officer_finds_what_is_late_corrects_and_exports(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    now = timezone.now()
    referral = make.referral("received", now=now)
    client.force_login(make.officer())
    admin = "/admin/entrepreneurship/referral/"
    assert referral.code in client.get(admin).content.decode()
    assert client.get(f"{admin}?late=yes").status_code == 200
    one = client.get(f"{admin}{referral.pk}/change/").content.decode()
    assert (referral.talent.full_name in one, "银行已收到" in one) == (False, True)
    assert (
        client.post(f"{admin}{referral.pk}/correct/", {"reason": "银行登记错了"}).status_code == 302
    )
    assert fresh(referral).state == "introduced"
    assert client.get(f"{admin}export/").status_code == 200
    assert client.get("/admin/entrepreneurship/banktotal/").status_code == 200
    group = Group.objects.get(name="department_clerk")
    clerk = factories.staff(group.name)
    client.force_login(clerk)
    assert client.get(admin).status_code == 403
