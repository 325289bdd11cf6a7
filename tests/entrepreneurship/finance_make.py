"""Banks, products and introductions as the tests need them."""

from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import Group
from django.utils import timezone

from entrepreneurship.finance import operations
from tests import factories
from tests.entrepreneurship import make as ventures

NOW = factories.NOW
TODAY = timezone.localdate(NOW)
LONG_AGO, FAR = date(2020, 1, 1), date(2099, 12, 31)


def officer(given=None):
    """Return somebody who keeps banks and products."""
    return factories.staff("finance_officer")


def bank(name="两江科技银行", papers=("agreement", "assessment"), now=NOW):
    """Return a bank of the programme with these papers in force."""
    values = {
        "unit": factories.unit(name, kind="bank"),
        "contact": "科技支行对公业务部 023-60000001",
    }
    row = operations.save_bank(values=values, by=None, now=now)
    for kind in papers:
        paper(row, kind=kind, now=now)
    return row


def paper(one=None, now=NOW, **fields):
    """Return a paper of a bank."""
    said = {
        "kind": "agreement",
        "document": "两江金合〔2026〕1号",
        "valid_from": LONG_AGO,
        "valid_until": FAR,
    }
    return operations.note_paper(
        bank=one or bank(papers=()), values=said | fields, by=None, now=now
    )


def product(one=None, now=NOW, **fields):
    """Return a product without terms."""
    said = {
        "bank": one or bank(),
        "name": "巾帼科创贷",
        "name_en": "",
        "kind": "credit",
        "purposes": ["start", "working_capital"],
        "in_use": True,
    }
    return operations.save_product(values=said | fields, by=None, now=now)


def said(**fields):
    """Return what a version of terms says."""
    values = {
        "document": "科创贷业务通告 2026 年第 3 号",
        "valid_from": TODAY - timedelta(days=30),
        "valid_until": TODAY + timedelta(days=300),
        "limit": Decimal("300.00"),
        "rate": Decimal("3.4500"),
        "subsidy": "区财政贴息 50%",
        "conditions": "注册在两江新区的科技型企业，女性持股不低于 50%。",
    }
    return values | fields


def terms(one=None, now=NOW, **fields):
    """Return a version of terms of a product."""
    return operations.add_terms(product=one or product(), values=said(**fields), by=None, now=now)


# --- introductions ---------------------------------------------------------------------------------
SHARED = ("full_name", "phone", "venture")


def contact(one, **fields):
    """Return somebody who answers for a bank."""
    person = factories.user("秦联络", unit=one.unit, **fields)
    person.groups.add(Group.objects.get(name="bank_contact"))
    return person


def asks(one=None, venture=None, way="call", now=NOW, **fields):
    """Return the arguments of `introduce` but `by`: a founder and a product that is shown."""
    one = one or shown(now=now)
    said = {
        "venture": venture or ventures.venture(now=now),
        "product": one,
        "purpose": "start",
        "way": way,
        "shared": SHARED if way == "call" else (),
        "tells_amount": True,
    }
    return said | fields


def shown(one=None, now=NOW, **fields):
    """Return a product that everybody sees at a moment."""
    day = timezone.localdate(now)
    first = product(one or bank(now=now), now=now, **fields)
    terms(first, now, valid_from=day, valid_until=FAR)
    return first


def referral(*answers, now=NOW, **fields):
    """Return an introduction with these answers of the bank behind it."""
    said = asks(now=now, **fields)
    found = operations.introduce(**said, by=said["venture"].talent.user, now=now)
    for answer in answers:
        found = say(found, answer, now=now)
    return found


def say(one, answer, now=NOW, **said):
    """Let the bank's program answer."""
    if answer == "declined":
        said.setdefault("reason", "documents")
    if answer == "received" and one.way == "carry":
        return operations.receive_code(code=one.code, by=contact(one.bank), now=now)
    return operations.answer_referral(referral=one, answer=answer, by=None, now=now, **said)


def quarter():
    """Return what a bank counts for a quarter."""
    return {"received": 21, "approved": 14, "disbursed": 12, "amount": Decimal("1260.00")}
