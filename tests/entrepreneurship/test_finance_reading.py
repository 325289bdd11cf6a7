"""What banks read is on record, each list too; lists ask the database as much for three rows as for one."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entrepreneurship.finance import figures, operations
from entrepreneurship.finance.models import BankTotal
from kernel.days import months_after
from privacy.models import AuditEntry
from tests import factories
from tests.api.conftest import make_partner
from tests.entrepreneurship import finance_make as make
from tests.entrepreneurship import make as ventures

pytestmark = pytest.mark.django_db
DESK, LIST = "/innovation/finance/bank/", "/finance/referrals/"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def introduced(product, count, *answers):
    """Return introductions of `count` women to the bank of a product, made now."""
    now = timezone.now()
    return [
        make.referral(*answers, now=now, one=product, venture=ventures.venture(now=now))
        for _n in range(count)
    ]


def listed(**about):
    """Return what the audit log says of lists that were read."""
    entries = AuditEntry.objects.filter(action="entrepreneurship.read_referrals", **about)
    return [entry.detail for entry in entries.order_by("pk")]


def queries(ask):
    """Return how many queries `ask` takes once everything is warm."""
    ask()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert ask().status_code == 200
    return len(seen)


def test_the_list_on_the_desk_is_read_on_record_with_what_stood_on_it(client):
    product = make.shown(now=timezone.now())
    first, second = introduced(product, 2)
    carried = introduced(make.shown(make.bank("嘉陵商业银行"), timezone.now()), 1)
    contact = make.contact(product.bank)
    client.force_login(contact)
    client.get(DESK)
    assert listed(actor_id=contact.pk, object_id=str(product.bank.pk)) == [
        {
            "count": 2,
            "codes": [first.code, second.code],
        }  # what waits for an answer, the oldest first
    ]
    assert carried[0].code not in json.dumps(listed())
    operations.withdraw_referral(referral=first, by=None, now=timezone.now())
    client.get(f"{DESK}?show=all")  # among those to delete and in the list: named once
    assert listed()[-1] == {"count": 2, "codes": [first.code, second.code]}


def test_the_list_of_the_api_is_read_on_record_page_by_page():
    product = make.shown(now=timezone.now())
    codes = sorted(one.code for one in introduced(product, 3))
    unit = product.bank.unit
    partner = make_partner(scopes=["finance:read"], unit=unit)
    page = json.loads(partner.get(LIST, {"limit": 2}).content)
    partner.get(f"{LIST}?{page['next'].partition('?')[2]}")
    assert listed(actor_id=None) == [
        {"unit": unit.pk, "count": 2, "codes": codes[:2]},
        {"unit": unit.pk, "count": 1, "codes": codes[2:]},
    ]
    stranger = make_partner(scopes=["finance:read"], unit=factories.unit())
    assert json.loads(stranger.get(LIST).content)["results"] == []
    assert len(listed()) == 2  # of no bank: there was nothing to read


def test_both_lists_of_a_bank_ask_as_much_for_three_as_for_one(client):
    product = make.shown(now=timezone.now())
    client.force_login(make.contact(product.bank))
    partner = make_partner(scopes=["finance:read"], unit=product.bank.unit)

    def ask():
        return client.get(DESK)

    introduced(product, 1)
    desk, api = queries(ask), queries(lambda: partner.get(LIST))
    for one in introduced(product, 2, "received"):
        operations.withdraw_referral(referral=one, by=None, now=timezone.now())
    assert (queries(ask), queries(lambda: partner.get(LIST))) == (desk, api)


ADMIN = ("referral", "banktotal", "financebank", "bankpaper", "financeproduct", "financeterms")


def one_more(number):
    """Make one more of everything the officer's lists show."""
    now = timezone.now()
    bank = make.bank(f"银行 {number}", now=now)
    product = make.shown(bank, now)
    introduced(product, 1, "received")
    values = make.quarter()
    operations.enter_total(
        bank=bank, quarter=make.date(2025, 1, 1), values=values, by=None, now=now
    )


def test_the_officers_lists_ask_as_much_for_three_as_for_one(client):
    client.force_login(make.officer())
    one_more(1)

    def counted():
        return {
            name: queries(lambda name=name: client.get(f"/admin/entrepreneurship/{name}/"))
            for name in ADMIN
        }

    before = counted()
    one_more(2)
    one_more(3)
    assert counted() == before


def test_what_the_portal_counts_beside_a_banks_total_is_not_told_below_ten():
    referral = make.referral("received")
    day = make.TODAY
    quarter = make.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    for begins in (quarter, months_after(quarter, -3)):
        operations.enter_total(
            bank=referral.bank,
            quarter=begins,
            values=make.quarter(),
            by=None,
            now=make.NOW + timedelta(days=200),
        )
    rows = figures.with_ours(BankTotal.objects.order_by("quarter"))
    assert [(row.ours_received, figures.ours(row)) for row in rows] == [
        (0, "0、0、0"),
        (1, "少于 10、0、0"),
    ]
