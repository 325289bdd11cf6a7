"""Who tries what is not hers: wrong scopes, other banks' codes, crafted values, cells that would be formulas."""

import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from entrepreneurship.finance import operations, sheet
from entrepreneurship.finance import referrals_rules as rules
from entrepreneurship.finance.models import BankTotal, FinanceProduct, Referral, ReferralStep
from kernel.errors import DomainError
from privacy import consents
from tests import factories
from tests.api.conftest import make_partner
from tests.entrepreneurship import finance_make as make

pytestmark = pytest.mark.django_db
NOW, DAY = make.NOW, timedelta(days=1)
DESK = "/innovation/finance/bank/"
ALL = ["finance:read", "finance:answer"]


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def now_called(*answers):
    """Return an introduction made now, to a bank that calls her."""
    now = timezone.now()
    return make.referral(*answers, now=now, one=make.shown(now=now))


def send(partner, path, body, key="key-000001"):
    headers = {"Authorization": f"Bearer {partner.token}", "Idempotency-Key": key}
    sent = Client().post(f"/api/v1{path}", body, content_type="application/json", headers=headers)
    return sent.status_code, json.loads(sent.content).get("code")


# --- rights ----------------------------------------------------------------------------------------
def test_a_key_does_what_its_scope_says_and_only_at_its_own_bank():
    referral = now_called()
    one, unit = f"/finance/referrals/{referral.code}/", referral.bank.unit
    totals = {"quarter": "2026-01-01", "received": 1, "approved": 0, "disbursed": 0, "amount": "0"}
    reads = make_partner(unit=unit, scopes=["finance:read"])
    answers = make_partner(unit=unit, scopes=["finance:answer"])
    for path, body in (
        (f"{one}answers/", {"answer": "received"}),
        (f"{one}undo/", {}),
        (f"{one}deletion/", {}),
        ("/finance/totals/", totals),
    ):
        assert send(reads, path, body)[0] == 403
        stranger = make_partner(scopes=ALL, unit=make.bank(f"银行 {path}").unit)
        if path != "/finance/totals/":
            assert send(stranger, path, body)[0] == 404
        nobody = make_partner(scopes=ALL, unit=factories.unit(f"企业 {path}"))
        assert send(nobody, path, body)[0] == 404
    assert [answers.get(path).status_code for path in (one, "/finance/referrals/")] == [403, 403]
    assert (ReferralStep.objects.count(), BankTotal.objects.count()) == (1, 0)


def test_a_program_finds_no_code_that_was_not_brought_to_its_desk():
    now = timezone.now()
    referral = make.referral(way="carry", now=now, one=make.shown(now=now))
    program = make_partner(scopes=ALL, unit=referral.bank.unit)
    one = f"/finance/referrals/{referral.code}/"
    assert program.get(one).status_code == 404
    assert send(program, f"{one}answers/", {"answer": "received"})[0] == 404
    assert Referral.objects.get().state == "introduced"


def test_who_leaves_the_bank_leaves_its_desk(client):
    referral = now_called("received")
    clerk = make.contact(referral.bank)
    client.force_login(clerk)
    one = f"{DESK}{referral.code}/"
    assert client.get(one).status_code == 200
    clerk.unit = make.bank("嘉陵商业银行").unit
    clerk.save()
    assert client.get(one).status_code == 404
    posted = [client.post(f"{one}{part}").status_code for part in ("undo/", "deleted/")]
    assert (posted, Referral.objects.get().state) == ([404, 404], "received")


# --- values ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"answer": "paid"},
        {"answer": "received", "on": "9999-12-31"},
        {"answer": "received", "on": "0001-01-01"},
        {"answer": "received", "on": "2026-02-30"},
        {"answer": "received", "band": "to_10"},
        {"answer": "received", "reason": "documents"},
        {"answer": "received", "reason": "她的征信不好"},
        {"answer": "x" * 100_000},
        [],
    ],
)
def test_a_crafted_answer_of_a_program_is_a_sentence_and_no_row(body):
    referral = now_called()
    program = make_partner(scopes=ALL, unit=referral.bank.unit)
    status, code = send(program, f"/finance/referrals/{referral.code}/answers/", body)
    assert (status in (400, 422), bool(code)) == (True, True)
    assert ReferralStep.objects.count() == 1


@pytest.mark.parametrize(
    "code", ["", " ", "ZZZZ", "z" * 200, "\0", "K7MQ2RX\ud83d", "１２３４５６７８", "' OR 1=1"]
)
def test_a_crafted_code_is_a_sentence_at_the_desk(client, code):
    referral = now_called()
    client.force_login(make.contact(referral.bank))
    sent = client.post(DESK, {"code": code.encode("utf-8", "replace").decode()})
    assert sent.status_code == 422


def test_a_crafted_cursor_and_an_unknown_list_show_the_first_page(client):
    referral = now_called("received")
    client.force_login(make.contact(referral.bank))
    for query in ("?show=x", "?show=due&after=WyItMSJd", "?show=all&after=WyJ4Il0", "?after=x"):
        page = client.get(f"{DESK}{query}")
        assert (page.status_code, referral.spaced_code in page.content.decode()) == (200, True)


@pytest.mark.parametrize("received", [-1, 1_000_001, 2**31, 10**30])
def test_counts_no_bank_has_are_a_sentence(received):
    values = make.quarter() | {"received": received}
    with pytest.raises(DomainError):
        operations.enter_total(
            bank=make.bank(), quarter=make.date(2026, 1, 1), values=values, by=None, now=NOW
        )
    assert BankTotal.objects.count() == 0


def test_what_looks_like_a_formula_is_a_text_in_the_officers_exports():
    name = '=HYPERLINK("http://x.cn","巾帼贷")'
    product = make.shown(name=name)
    make.referral(one=product)
    rows = operations.export_referrals(rows=Referral.objects.all(), by=None, now=NOW)
    products = operations.export_products(rows=FinanceProduct.objects.all(), by=None, now=NOW)
    for book in (sheet.referral_list(rows), sheet.product_list(products)):
        cells = [
            cell
            for line in load_workbook(io.BytesIO(book)).active.iter_rows(min_row=2)
            for cell in line
        ]
        assert [cell.data_type for cell in cells if cell.value and name in str(cell.value)] == ["s"]
        assert [cell for cell in cells if cell.data_type == "f"] == []


# --- what was agreed -------------------------------------------------------------------------------
def test_an_end_is_not_taken_back_once_she_has_withdrawn_her_agreement():
    referral = make.referral("received", "declined")
    her = referral.talent.user
    consents.withdraw_one(user=her, purpose=rules.PURPOSE, about=referral.code, by=her, now=NOW)
    for operation, more in (
        (operations.undo_answer, {}),
        (operations.correct_answer, {"reason": "银行来电更正"}),
    ):
        with pytest.raises(DomainError) as refused:
            operation(referral=referral, by=None, now=NOW, **more)
        assert refused.value.code == "agreement_withdrawn"
    assert Referral.objects.get().state == "declined_by_bank"


def test_approved_she_withdraws_after_her_thirty_days_too():
    referral = make.referral("received", "contacted", "approved")
    later = NOW + 60 * DAY
    assert operations.read_referral(referral=referral, by=None, unit=1, now=later)[1] == {}
    operations.withdraw_referral(referral=referral, by=referral.talent.user, now=later)
    gone = Referral.objects.get()
    assert (gone.state, gone.contents, gone.deletion_asked_at) == ("withdrawn", None, later)
