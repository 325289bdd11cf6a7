"""Interests and what comes of them: both agree before a contact shows; contracts are counted once and never paid beyond."""

from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from entrepreneurship.transfer import contracts, interests, matching, personal_data, tasks
from entrepreneurship.transfer import interests_rules as rules
from entrepreneurship.transfer.models import (
    TOGETHER,
    DeclineReason,
    EndReason,
    TransferContract,
    TransferInterest,
    TransferMatch,
    TransferPayment,
    TransferProfile,
    TransferStep,
)
from kernel.errors import DomainError
from kernel.portal import Person
from notices.models import Notice
from places import operations as places
from privacy import consents
from privacy.models import Consent
from tests import factories
from tests.entrepreneurship import transfer_make as make

pytestmark = pytest.mark.django_db
NOW = factories.NOW
TODAY = date(2026, 11, 23)
PAGES = "/innovation/transfer/interests/"


def refused(operation, now=NOW, **given):
    with pytest.raises(DomainError) as error, transaction.atomic():
        operation(now=now, **given)
    return error.value.code


def told(kind):
    return Notice.objects.filter(kind=f"entrepreneurship.transfer_{kind}").count()


# --- two sides ------------------------------------------------------------------------------------
def test_no_contact_shows_before_both_have_agreed(client):
    profile, contact = make.published(), make.contact()
    client.force_login(contact)
    sent = {"words": make.SAID, "form": "licence"}
    answer = client.post(f"/innovation/transfer/{profile.code}/interest/", sent)
    page = answer["Location"]
    interest = TransferInterest.objects.get()
    assert (interest.seeker_unit, interest.answer_by) == (
        contact.unit,
        rules.answer_by(timezone.localdate()),
    )
    assert b"138-0000" not in connection_text("entrepreneurship_transferinterest")
    html = client.get(page).content.decode()
    assert ("周雨桐" in html, "周*桐" in html) == (False, True)
    client.force_login(profile.talent.user)
    assert make.SAID in client.get(page).content.decode()
    answer = client.post(page, {"agree": "1", "contact": "138-0000-0001"})
    assert (answer.status_code, TransferInterest.objects.get().state) == (422, "asked")
    client.post(page, {"agree": "1", "contact": "138-0000-0001", "agrees": "on"})
    client.force_login(contact)
    html = client.get(page).content.decode()
    # Whom she agrees to give her contact to has to be named (PIPL, art. 23); the contact is not shown.
    assert ("138-0000-0001" in html, "提供给周雨桐" in html) == (False, True)
    client.post(page, {"agree": "1", "contact": "023-0000", "agrees": "on"})
    html = client.get(page).content.decode()
    assert ("138-0000-0001" in html, "周雨桐" in html) == (True, True)
    noted = Consent.objects.filter(purpose="transfer_contact", about=interest.code)
    assert set(noted.values_list("user", flat=True)) == {contact.pk, profile.talent.user_id}
    for stranger in (make.contact(), factories.talent().user):
        client.force_login(stranger)
        assert client.get(page).status_code == 404
        assert client.post(f"{page}withdraw/").status_code == 404


def connection_text(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
        return (cursor.fetchone()[0] or "").encode()


def test_a_contact_goes_abroad_with_a_consent_of_its_own_only():
    interest = make.interest(abroad="新加坡", reach="privacy@example.sg")
    her = interest.profile.talent.user
    given = {"interest": interest, "by": her} | make.CONTACT
    assert refused(interests.accept_interest, **given) == "abroad"
    interests.accept_interest(now=NOW, **given | {"agrees_abroad": True})
    noted = Consent.objects.get(user=her, purpose="transfer_abroad")
    assert "新加坡" in noted.recipient
    interest = interests.confirm_interest(interest=interest, by=None, now=NOW, **make.CONTACT)
    consents.withdraw_one(user=her, purpose="transfer_abroad", about=interest.code, by=her, now=NOW)
    interest.refresh_from_db()
    assert (interest.owner_contact, bool(interest.seeker_contact)) == (None, True)


def test_fifteen_working_days_then_it_lapses_and_holidays_are_waited_for():
    interest = make.interest()
    assert interest.answer_by == date(2026, 12, 14)
    by = factories.staff("administrator")
    places.enter_calendar_days(
        first_day=date(2026, 12, 1),
        last_day=date(2026, 12, 2),
        is_off=True,
        name="临时放假",
        source="通知",
        by=by,
        now=NOW,
    )
    interest.refresh_from_db()
    assert interest.answer_by == date(2026, 12, 16)
    for day, state in ((16, "asked"), (17, "lapsed"), (18, "lapsed")):
        moment = NOW.replace(month=12, day=day)
        interest = interests.lapse_interest(interest=interest, now=moment)
        assert interest.state == state
    assert told("lapsed") == 1
    assert make.interest(profile=interest.profile, unit=interest.seeker_unit).pk != interest.pk


def test_the_clock_lapses_what_is_late():
    interest = make.interest()
    TransferInterest.objects.update(counted_from=date(2026, 1, 5), answer_by=date(2026, 1, 26))
    tasks.lapse_interests()
    interest.refresh_from_db()
    assert interest.state == "lapsed"


def test_said_twice_it_is_one_and_declined_it_may_be_reconsidered():
    interest = make.interest()
    again = make.interest(profile=interest.profile, unit=interest.seeker_unit)
    assert again.pk == interest.pk
    given = {"interest": interest, "by": interest.profile.talent.user}
    assert refused(interests.decline_interest, reason="because", **given) == "reason_unknown"
    interests.decline_interest(reason="busy", now=NOW, **given)
    later = NOW + timedelta(days=3)
    back = interests.reconsider_interest(now=later, **given)
    assert (back.state, back.decline_reason, back.answer_by) == ("asked", "", date(2026, 12, 17))
    own = {"profile": interest.profile, "talent": interest.profile.talent, "by": None}
    said = {"words": make.SAID, "form": "licence"}
    assert refused(interests.express_interest, **own, **said) == "own_profile"


def test_who_is_one_of_the_sides_does_not_mediate():
    unit = factories.unit()
    interest = make.agreed(unit=unit)
    colleague = make.mediator(unit=unit)
    assert refused(interests.take_on_interest, interest=interest, by=colleague) == "own_interest"


# --- a state machine ------------------------------------------------------------------------------
class InterestMachine(RuleBasedStateMachine):
    """Whatever is pressed in whatever order, nothing stands that may not."""

    @initialize()
    def begin(self):
        self.point = transaction.atomic()
        self.point.__enter__()
        self.interest = make.interest()
        self.by, self.other = make.mediator(), make.mediator(full_name="石经理")
        self.asked = self.confirmed = False

    def press(self, operation, **given):
        try:
            with transaction.atomic():
                return operation(now=NOW, **given)
        except DomainError:
            return None

    def on(self, operation, **given):
        return self.press(operation, interest=self.interest, **given)

    @rule(agrees=st.booleans())
    def accept(self, agrees):
        her = self.interest.profile.talent.user
        self.on(interests.accept_interest, by=her, **make.CONTACT | {"agrees": agrees})

    @rule(agrees=st.booleans())
    def confirm(self, agrees):
        self.on(interests.confirm_interest, by=None, **make.CONTACT | {"agrees": agrees})

    @rule(reason=st.sampled_from([*DeclineReason.values, "x"]))
    def decline(self, reason):
        self.on(interests.decline_interest, reason=reason, by=None)

    @rule()
    def reconsider(self):
        self.on(interests.reconsider_interest, by=None)

    @rule()
    def withdraw(self):
        self.on(interests.withdraw_interest, by=None)

    @rule()
    def lapse(self):
        self.press(interests.lapse_interest, interest=self.interest)

    @rule(first=st.booleans())
    def take_on(self, first):
        self.on(interests.take_on_interest, by=self.by if first else self.other)

    @rule()
    def seal(self):
        sent = [("保密协议.pdf", make.PDF)]
        self.on(interests.note_confidentiality, day=TODAY, sent=sent, by=self.by)

    @rule(reason=st.sampled_from([*EndReason.values, "x"]))
    def end(self, reason):
        self.on(interests.end_interest, reason=reason, by=None)

    @rule()
    def undo(self):
        self.on(interests.undo_step, reason="点错了按钮", by=self.by)

    @rule()
    def enter(self):
        self.on(contracts.enter_contract, values=make.terms(), by=self.by)

    @rule()
    def sign(self):
        if found := self.contract():
            self.press(contracts.sign_contract, contract=found, day=TODAY, by=self.by)

    @rule()
    def void(self):
        if found := self.contract():
            self.press(contracts.void_contract, contract=found, reason="登记错了", by=self.by)

    def contract(self):
        return self.interest.contracts.exclude(state="void").first()

    @invariant()
    def holds(self):
        if not hasattr(self, "interest"):
            return
        row = self.interest
        row.refresh_from_db()
        together = row.state in TOGETHER
        assert row.shows_contacts == together
        if together:
            assert row.owner_contact and row.seeker_contact and row.answered_at and row.agreed_at
        if row.state in ("asked", "lapsed", "withdrawn", "declined"):
            assert not row.owner_contact and not row.seeker_contact
        assert (row.state == "declined") == bool(row.decline_reason)
        assert (row.state == "ended") == bool(row.end_reason)
        if row.state in ("confidential", "contracted"):
            assert row.confidential_on and row.files.exists()
        signed = row.contracts.counted().count()
        assert signed <= 1
        if row.state == "contracted":
            assert signed == 1
        steps = list(row.steps.values_list("before", "after"))
        assert steps[0][0] == "" and steps[-1][1] == row.state
        assert all(one[1] == two[0] for one, two in pairwise(steps))

    def teardown(self):
        if hasattr(self, "point"):
            transaction.set_rollback(True)
            self.point.__exit__(None, None, None)


def test_an_interest_never_stands_where_it_may_not():
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        InterestMachine,
        settings=example_settings(
            max_examples=15, stateful_step_count=14, deadline=None, database=None
        ),
    )


# --- the mediator and the contract ----------------------------------------------------------------
def test_a_wrong_step_is_undone_with_a_reason_that_stays():
    interest = make.confidential()
    by = interest.mediator
    undone = interests.undo_step(interest=interest, reason="传错了协议", by=by, now=NOW)
    assert (undone.state, undone.confidential_on, undone.files.count()) == ("mediated", None, 0)
    step = TransferStep.objects.get(undoes__after="confidential")
    assert step.reason == "传错了协议"
    with pytest.raises(IntegrityError, match="transfer_only_added"), transaction.atomic():
        TransferStep.objects.update(reason="没有的事")


@pytest.mark.parametrize("value", ["0", "-1", "1.005", "abc", "NaN", "1e13", ""])
def test_what_is_no_amount_is_a_sentence_and_no_row(value):
    contract = make.signed()
    by = contract.interest.mediator
    given = {"contract": contract, "amount": value, "day": TODAY, "by": by}
    assert refused(contracts.add_payment, **given).startswith("amount_")
    values = make.terms(number="Y-2", amount_signed=value)
    about = {"interest": contract.interest, "values": values, "by": by}
    assert refused(contracts.enter_contract, **about).startswith("amount_")
    assert (TransferPayment.objects.count(), TransferContract.objects.count()) == (0, 1)


def test_never_more_is_paid_than_was_signed_whoever_writes_the_row():
    contract = make.signed()
    by, day = contract.interest.mediator, {"day": TODAY}
    given = {"contract": contract, "by": by} | day
    for _twice in range(2):
        first = contracts.add_payment(amount="100000.50", now=NOW, **given)
    contract.refresh_from_db()
    assert (contract.payments.count(), str(contract.paid)) == (1, "100000.50")
    assert refused(contracts.add_payment, amount="259999.51", **given) == "paid_above"
    with pytest.raises(IntegrityError, match="transfer_contract_paid"), transaction.atomic():
        TransferPayment.objects.create(
            contract=contract, amount=300_000, paid_on=TODAY, entered_at=NOW
        )
    for change in (lambda: TransferPayment.objects.update(amount=1), first.delete):
        with pytest.raises(IntegrityError, match="transfer_only_added"), transaction.atomic():
            change()
    about = {"contract": contract, "reason": "登记错了", "by": by}
    assert refused(contracts.void_contract, **about) == "paid"
    contracts.take_back_payment(payment=first, reason="银行退回", by=by, now=NOW)
    again = {"payment": first, "reason": "银行退回", "by": by}
    assert refused(contracts.take_back_payment, **again) == "taken_back"
    contract.refresh_from_db()
    assert (contract.payments.count(), contract.paid) == (2, 0)
    contracts.undo_signing(contract=contract, reason="登记错了", by=by, now=NOW)
    contract.interest.refresh_from_db()
    assert contract.interest.state == "confidential"


def test_a_public_owners_negotiated_price_waits_for_its_fifteen_days():
    contract = make.contract(is_public_owner=True)
    given = {"contract": contract, "by": contract.interest.mediator}
    assert refused(contracts.sign_contract, day=TODAY, **given) == "notice_missing"
    contracts.start_notice(day=TODAY, now=NOW, **given)
    later = NOW + timedelta(days=40)
    last = date(2026, 12, 8)
    assert refused(contracts.sign_contract, day=last, now=later, **given) == "notice_runs"
    with pytest.raises(IntegrityError, match="transfer_contract_notice"), transaction.atomic():
        TransferContract.objects.update(signed_on=last)
    done = contracts.sign_contract(day=last + timedelta(days=1), now=later, **given)
    assert done.state == "signed"
    free = make.contract(
        found=make.confidential(), number="Y-9", price_way="auction", is_public_owner=True
    )
    assert (
        contracts.sign_contract(
            contract=free, day=TODAY, by=free.interest.mediator, now=NOW
        ).signed_on
        == TODAY
    )


def test_one_contract_is_counted_once():
    contract = make.signed()
    other = make.confidential()
    about = {"interest": other, "values": make.terms(number="yt-2026-001"), "by": other.mediator}
    assert refused(contracts.enter_contract, **about) == "number_used"
    with pytest.raises(IntegrityError, match="transfer_contract_number"), transaction.atomic():
        TransferContract.objects.create(
            interest=other, entered_at=NOW, **make.terms(amount_signed=1)
        )
    by = contract.interest.mediator
    registered = {"contract": contract, "registration": "2026-1", "day": TODAY, "by": by}
    assert refused(contracts.register_contract, amount="360000.01", **registered) == "amount_above"
    contracts.register_contract(amount="300000", now=NOW, **registered)
    contracts.undo_registration(contract=contract, reason="登记错了", by=by, now=NOW)
    contracts.void_contract(contract=contract, reason="登记错了", by=by, now=NOW)
    contracts.enter_contract(now=NOW, **about)
    assert TransferContract.objects.counted().count() == 0


def test_a_mediator_sees_what_is_free_and_her_own(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    waiting, free = make.interest(), make.agreed()
    other = make.mediated()
    by = make.mediator(full_name="石经理")
    client.force_login(by)
    admin = "/admin/entrepreneurship/transferinterest/"
    codes = {
        pk: client.get(f"{admin}{pk}/change/").status_code for pk in (waiting.pk, free.pk, other.pk)
    }
    assert codes == {waiting.pk: 302, free.pk: 200, other.pk: 302}
    assert make.SAID not in client.get(f"{admin}{free.pk}/change/").content.decode()
    client.post(f"{admin}{free.pk}/take-on/", {})
    assert make.SAID in client.get(f"{admin}{free.pk}/change/").content.decode()
    sent = {"day": "2026-11-23", "sent": BytesIO(make.PDF)}
    sent["sent"].name = "保密协议.pdf"
    assert client.post(f"{admin}{free.pk}/confidential/", sent).status_code == 302
    entered = {k: v for k, v in make.terms().items() if v}
    assert (
        client.post(f"{admin}{free.pk}/contract/", entered | {"amount_signed": "1.005"}).status_code
        == 422
    )
    assert client.post(f"{admin}{free.pk}/contract/", entered).status_code == 302
    contract = TransferContract.objects.get()
    page = f"/admin/entrepreneurship/transfercontract/{contract.pk}/"
    client.post(f"{page}sign/", {"day": "2026-11-23"})
    client.post(f"{page}pay/", {"amount": "1000", "day": "2026-11-23"})
    payment = contract.payments.get()
    client.post(f"{page}payments/{payment.pk}/", {"reason": "银行退回"})
    contract.refresh_from_db()
    assert (contract.state, contract.paid, contract.payments.count()) == ("signed", 0, 2)
    html = client.get(f"{page}change/").content.decode()
    assert "银行退回" in html
    document = TransferInterest.objects.get(pk=free.pk).files.get()
    assert client.get(f"{admin}{free.pk}/document/{document.code}/").content == make.PDF
    assert client.get("/admin/entrepreneurship/transfercontract/export/").status_code == 200
    client.force_login(other.mediator)
    assert client.get(f"{admin}{free.pk}/document/{document.code}/").status_code == 404


# --- matches --------------------------------------------------------------------------------------
def test_a_match_says_why_is_told_once_and_put_aside(client):
    match = make.match()
    assert (match.same_field, match.words, match.forms) == (
        True,
        ["晶圆检测", "机器视觉"],
        ["licence"],
    )
    assert "都提到“晶圆检测、机器视觉”" in matching.why(match)
    assert matching.match_profile(profile=match.offer, now=NOW) == 0
    make.contact(match.need.unit)
    assert (matching.tell_matches(now=NOW), matching.tell_matches(now=NOW)) == (2, 0)
    assert told("matches") == 2
    client.force_login(match.offer.talent.user)
    assert "都提到" in client.get("/innovation/transfer/matches/").content.decode()
    client.post(f"/innovation/transfer/matches/{match.pk}/aside/")
    match.refresh_from_db()
    assert (bool(match.offer_no_at), match.need_no_at) == (True, None)
    client.force_login(factories.talent().user)
    assert client.post(f"/innovation/transfer/matches/{match.pk}/aside/").status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"readiness": 7},  # the offer is not that far
        {"forms": ["service"]},
        {
            "keywords": ["无关"],
            "problem": "这里说的是完全不相干的另一件事，与它没有共同的词。",
            "title": "别的",
        },
    ],
)
def test_what_does_not_fit_is_no_match(values):
    offer = make.published()
    make.published(unit=factories.unit(), kind="need", **values)
    assert matching.match_profile(profile=offer, now=NOW) == 0


def test_what_she_needs_and_offers_herself_is_no_match():
    offer = make.published()
    make.published(talent=offer.talent, kind="need")
    assert (matching.match_profile(profile=offer, now=NOW), TransferMatch.objects.count()) == (0, 0)


# --- erasing --------------------------------------------------------------------------------------
def test_erased_she_is_gone_and_the_contract_stays_without_her():
    contract = make.signed()
    interest = contract.interest
    her, profile = interest.profile.talent, interest.profile
    make.published(talent=her)
    person = Person(her.user, (her,), "x")
    assert len(personal_data.lost(person, NOW)) == 3
    for _twice in range(2):
        personal_data.erase(person, NOW)
    interest.refresh_from_db()
    profile.refresh_from_db()
    assert (interest.state, interest.words, interest.owner_contact) == ("ended", None, None)
    assert (profile.talent, profile.title, profile.search_text) == (None, "", "")
    assert TransferProfile.objects.count() == 1
    contract.refresh_from_db()
    assert (contract.number, contract.state) == ("YT-2026-001", "signed")


def test_leaving_takes_off_and_ends():
    interest = make.agreed()
    her = interest.profile.talent
    asked = make.interest(talent=her)
    personal_data.withdraw_all(talent=her, hers=True, now=NOW)
    interest.refresh_from_db()
    asked.refresh_from_db()
    assert (interest.state, asked.state) == ("ended", "withdrawn")
    assert interest.profile.__class__.objects.get(pk=interest.profile_id).withdrawn_at


def test_old_words_go_a_year_after_the_end():
    interest = make.confidential()
    interests.end_interest(interest=interest, reason="price", by=None, now=NOW)
    assert not personal_data.old_words(NOW).exists()
    rows = personal_data.old_words(NOW + timedelta(days=1))
    personal_data.drop_words(rows)
    interest.refresh_from_db()
    assert (interest.words, interest.seeker_contact, interest.files.count()) == (None, None, 0)
    assert not personal_data.old_words(NOW + timedelta(days=1)).exists()


def test_lists_take_as_many_queries_for_one_as_for_three(client):
    interest = make.interest()
    client.force_login(interest.profile.talent.user)

    def queries(path):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    paths = (PAGES, "/innovation/transfer/matches/")
    before = [queries(path) for path in paths]
    make.interest(profile=interest.profile)
    make.interest(profile=interest.profile)
    assert [queries(path) for path in paths] == before
