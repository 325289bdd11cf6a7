"""Products of banks: versions that never overlap, what vanishes by the day alone, wrong input, the officer's pages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from entrepreneurship.finance import operations, products_queue
from entrepreneurship.finance.models import BankPaper, FinanceProduct, FinanceTerms
from kernel import public_pages
from kernel.errors import Conflict, DomainError, Invalid
from privacy.models import AuditEntry
from tests import factories
from tests.entrepreneurship import finance_make as make

pytestmark = pytest.mark.django_db
NOW, TODAY, DAY = make.NOW, make.TODAY, timedelta(days=1)


def shown_on(day):
    return list(FinanceProduct.objects.open_on(day).values_list("name", flat=True))


# --- the day decides -------------------------------------------------------------------------------
def test_what_expired_is_not_shown_from_the_day_after_on():
    make.terms(valid_until=TODAY + 5 * DAY)
    days = (TODAY - 31 * DAY, TODAY - 30 * DAY, TODAY + 5 * DAY, TODAY + 6 * DAY)
    assert [bool(shown_on(day)) for day in days] == [False, True, True, False]


def test_what_nobody_verified_for_180_days_is_not_shown_until_somebody_does():
    terms = make.terms()
    assert [bool(shown_on(TODAY + n * DAY)) for n in (179, 180)] == [True, False]
    later = NOW + 181 * DAY
    operations.verify_terms(terms=terms, by=None, now=later)
    assert shown_on(TODAY + 181 * DAY) == ["巾帼科创贷"]


def test_without_an_agreement_in_force_nothing_of_a_bank_is_shown():
    bank = make.bank(papers=())
    make.terms(make.product(bank))
    assert shown_on(TODAY) == []
    paper = make.paper(bank, valid_from=TODAY, valid_until=TODAY + DAY)
    assert [bool(shown_on(TODAY + n * DAY)) for n in (0, 1, 2)] == [True, True, False]
    operations.withdraw_paper(paper=paper, reason="双方协商终止", by=None, now=NOW)
    assert shown_on(TODAY) == []


def test_the_officer_hears_a_month_before_and_not_where_a_version_follows():
    officer, bank = make.officer(), make.bank()
    ends = make.terms(make.product(bank), valid_until=TODAY + 20 * DAY)
    old = make.terms(make.product(bank, name="巾帼设备贷"), now=NOW - 155 * DAY)
    make.terms(make.product(bank, name="巾帼研发贷"))
    assert products_queue.terms_going(officer, NOW).count == 2
    follows = {"valid_from": TODAY + 21 * DAY, "valid_until": TODAY + 90 * DAY}
    make.terms(ends.product, **follows)
    operations.verify_terms(terms=old, by=None, now=NOW)
    assert products_queue.terms_going(officer, NOW).count == 0
    make.paper(bank, kind="assessment", valid_until=TODAY + DAY)  # a longer one stands behind it
    assert products_queue.papers_ending(officer, NOW).count == 0
    make.paper(make.bank("嘉陵商业银行", papers=()), valid_until=TODAY + DAY)
    assert products_queue.papers_ending(officer, NOW).count == 1


# --- versions --------------------------------------------------------------------------------------
def test_versions_of_a_product_never_overlap_by_rule_and_by_constraint():
    first = make.terms(valid_until=TODAY + 10 * DAY)
    beside = {"valid_from": TODAY + 10 * DAY, "valid_until": TODAY + 20 * DAY}
    with pytest.raises(Conflict) as refused:
        make.terms(first.product, **beside)
    assert "第 1 版" in str(refused.value)
    written = {"product": first.product, "number": 2, "verified_on": TODAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        FinanceTerms.objects.create(**written, **make.said(**beside))
    second = make.terms(first.product, **beside | {"valid_from": TODAY + 11 * DAY})
    assert second.number == 2
    other = make.product(first.product.bank, name="巾帼设备贷")
    assert make.terms(other).number == 1


def test_a_version_ends_earlier_so_that_the_next_can_begin_today():
    first = make.terms()
    for wrong in (TODAY - 2 * DAY, first.valid_until, first.valid_until + DAY):
        with pytest.raises(Invalid) as refused:
            operations.end_terms(terms=first, ends_on=wrong, by=None, now=NOW)
        assert refused.value.field == "ends_on"
    operations.end_terms(terms=first, ends_on=TODAY - DAY, by=None, now=NOW)
    make.terms(first.product, valid_from=TODAY, rate=Decimal("3.1"))
    (one,) = FinanceProduct.objects.open_on(TODAY).with_terms(TODAY)
    assert FinanceTerms.objects.get(pk=one.terms_id).number == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", Decimal("0")),
        ("limit", Decimal("-1")),
        ("limit", Decimal("1.005")),
        ("rate", Decimal("0")),
        ("rate", Decimal("345")),
        ("rate", Decimal("3.45678")),
        ("valid_until", TODAY - 31 * DAY),
    ],
)
def test_wrong_numbers_and_days_are_one_sentence_and_no_row(field, value):
    product = make.product()
    with pytest.raises(Invalid) as refused:
        make.terms(product, **{field: value})
    assert (refused.value.field, FinanceTerms.objects.count()) == (field, 0)


def test_a_unit_that_is_no_bank_and_a_bank_twice_are_refused():
    bank = make.bank()
    values = {"unit": factories.unit("两江大学"), "contact": "对公业务部"}
    for given, code in ((values, "not_a_bank"), (values | {"unit": bank.unit}, "bank_known")):
        with pytest.raises(DomainError) as refused:
            operations.save_bank(values=given, by=None, now=NOW)
        assert refused.value.code == code


def test_no_field_asks_for_what_we_never_ask():
    """No model of the theme has a place for a score, a rank, a fee, credit records, a spouse, debts or accounts."""
    never = (
        "score",
        "rank",
        "rating",
        "fee",
        "commission",
        "credit_record",
        "spouse",
        "debt",
        "account",
    )
    ours = [
        m
        for m in apps.get_app_config("entrepreneurship").get_models()
        if ".finance." in m.__module__
    ]
    names = {f"{m.__name__}.{f.name}" for m in ours for f in m._meta.get_fields()}
    assert [name for name in names if any(word in name.lower() for word in never)] == []


# --- pages -----------------------------------------------------------------------------------------
@pytest.fixture
def shown():
    """Return a product everybody sees today, whatever day the test runs on."""
    now = timezone.now()
    day = timezone.localdate(now)
    bank = make.bank(now=now)
    product = make.product(bank, name_en="Women's innovation loan")
    return make.terms(product, now, valid_from=day, valid_until=day + 40 * DAY).product


def test_everybody_reads_the_facts_and_how_they_are_ordered(client, shown):
    page = client.get("/innovation/finance/").content.decode()
    told = ("巾帼科创贷", "两江科技银行", "300 万元", "3.45%", "排列顺序由随机编号决定")
    assert [words in page for words in told] == [True] * 5
    assert "巾帼科创贷" not in client.get("/innovation/finance/?purpose=equipment").content.decode()
    one = client.get(shown.get_absolute_url())
    assert (one.status_code, "女性持股不低于" in one.content.decode()) == (200, True)
    assert "Women&#x27;s innovation loan" in client.get("/en/innovation/finance/").content.decode()


def test_what_vanished_has_no_page(client, shown):
    FinanceTerms.objects.update(verified_on=timezone.localdate() - 180 * DAY)
    public_pages.clear()
    assert client.get(shown.get_absolute_url()).status_code == 404
    assert "现在没有这样的产品" in client.get("/innovation/finance/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_as_for_one(
    client, django_assert_num_queries, shown, count
):
    day = timezone.localdate()
    for n in range(count - 1):
        one = make.product(shown.bank, name=f"巾帼贷 {n}", now=timezone.now())
        make.terms(one, timezone.now(), valid_from=day, valid_until=day + 40 * DAY)
    client.get("/innovation/finance/")
    public_pages.clear()
    with django_assert_num_queries(2):  # products, their terms
        client.get("/innovation/finance/")


@pytest.fixture
def at_work(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    officer = make.officer()
    client.force_login(officer)
    return officer


def test_the_officer_writes_verifies_ends_and_exports_in_the_admin(client, at_work, shown):
    admin = "/admin/entrepreneurship/"
    terms = shown.versions.get()
    for name in ("financebank", "bankpaper", "financeproduct", "financeterms"):
        assert client.get(f"{admin}{name}/").status_code == 200
    day = timezone.localdate()
    typed = {
        "product": shown.pk,
        "document": "通告二",
        "valid_from": day + 41 * DAY,
        "valid_until": day + 99 * DAY,
        "limit": "1.005",
        "rate": "3.1",
        "subsidy": "",
        "conditions": "同上",
    }
    refused = client.post(f"{admin}financeterms/add/", typed)
    assert (refused.status_code, FinanceTerms.objects.count()) == (200, 1)
    assert client.post(f"{admin}financeterms/add/", typed | {"limit": "200"}).status_code == 302
    ended = client.post(f"{admin}financeterms/{terms.pk}/end/", {"ends_on": day + 30 * DAY})
    assert ended.status_code == 302
    terms.refresh_from_db()
    assert terms.valid_until == day + 30 * DAY
    book = client.get(f"{admin}financeproduct/export/")
    assert book.headers["Content-Type"].endswith("sheet")
    verbs = AuditEntry.objects.filter(actor_id=at_work.pk).values_list("action", flat=True)
    assert sorted(verbs) == [
        "entrepreneurship.add_terms",
        "entrepreneurship.end_terms",
        "entrepreneurship.export_products",
    ]


def test_a_paper_is_withdrawn_with_its_reason_and_not_twice(client, at_work, shown):
    paper = BankPaper.objects.filter(kind="agreement").get()
    page = f"/admin/entrepreneurship/bankpaper/{paper.pk}/withdraw/"
    assert client.post(page, {"reason": "短"}).status_code == 422
    assert client.post(page, {"reason": "双方协商终止"}).status_code == 302
    assert client.post(page, {"reason": "双方协商终止"}).status_code == 422
    assert shown_on(timezone.localdate()) == []
