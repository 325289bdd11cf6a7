"""One call of every operation of the theme, for tests/test_rights.py."""

from datetime import date, timedelta

from entrepreneurship.finance import operations
from entrepreneurship.finance.models import FinanceProduct, Referral
from privacy import consents
from tests import factories
from tests.entrepreneurship import finance_make as make
from tests.rights import call

REASON = "协议双方协商终止"


def _bank():
    unit = factories.unit("嘉陵商业银行", kind="bank")
    return {"values": {"unit": unit, "contact": "普惠金融部 023-60000002"}}


def _paper():
    values = {"kind": "agreement", "document": "协议一号"}
    days = {"valid_from": make.LONG_AGO, "valid_until": make.FAR}
    return {"bank": make.bank(papers=()), "values": values | days}


def _product():
    values = {"name": "巾帼创业贷", "kind": "credit", "purposes": ["start"], "in_use": True}
    return {"values": {"bank": make.bank(), **values}}


def founder(given):
    """Return whose introduction or venture it is."""
    found = given.get("referral") or given["venture"]
    return found.talent.user


def bank_clerk(given):
    """Return somebody who answers for the bank it went to."""
    return make.contact(given["referral"].bank if "referral" in given else given["bank"])


OTHER_BANK = {"another bank": lambda: make.contact(make.bank("嘉陵商业银行"))}


def _code():
    return {"code": make.referral(way="carry").code}


def _desk(given):
    return make.contact(Referral.objects.get(code=given["code"]).bank)


def _withdrawn():
    found = make.referral()
    return {"referral": operations.withdraw_referral(referral=found, by=None, now=make.NOW)}


def _agreement():
    found = make.referral()
    return {"user": found.talent.user, "purpose": "finance_referral", "about": found.code}


CALLS = (
    call(operations.introduce, make.asks, insider=founder),
    call(operations.withdraw_referral, lambda: {"referral": make.referral()}, insider=founder),
    call(
        operations.refuse_offer,
        lambda: {"referral": make.referral("received", "contacted")},
        insider=founder,
    ),
    call(operations.find_code, _code, insider=_desk, reads_only=True),
    call(operations.receive_code, _code, insider=_desk),
    call(
        operations.answer_referral,
        lambda: {"referral": make.referral(), "answer": "received"},
        insider=bank_clerk,
        others=OTHER_BANK,
    ),
    call(
        operations.undo_answer,
        lambda: {"referral": make.referral("received")},
        insider=bank_clerk,
        others=OTHER_BANK,
    ),
    call(
        operations.correct_answer,
        lambda: {"referral": make.referral("received"), "reason": REASON},
        insider=make.officer,
    ),
    call(
        operations.read_referral,
        lambda: {"referral": make.referral()},
        insider=bank_clerk,
        others=OTHER_BANK,
    ),
    call(
        operations.read_list,
        lambda: {"bank": make.bank(), "codes": ["K7MQ2RXW"]},
        insider=bank_clerk,
        others=OTHER_BANK,
    ),
    call(operations.confirm_deletion, _withdrawn, insider=bank_clerk, others=OTHER_BANK),
    call(
        operations.export_referrals,
        lambda: {"rows": Referral.objects.all()},
        insider=make.officer,
    ),
    call(
        operations.enter_total,
        lambda: {"bank": make.bank(), "quarter": date(2025, 1, 1), "values": make.quarter()},
        insider=bank_clerk,
        others=OTHER_BANK,
    ),
    call(consents.withdraw_one, _agreement, insider=lambda given: given["user"]),
    call(operations.save_bank, _bank, insider=make.officer),
    call(operations.note_paper, _paper, insider=make.officer),
    call(
        operations.withdraw_paper,
        lambda: {"paper": make.paper(), "reason": REASON},
        insider=make.officer,
    ),
    call(operations.save_product, _product, insider=make.officer),
    call(
        operations.add_terms,
        lambda: {"product": make.product(), "values": make.said()},
        insider=make.officer,
    ),
    call(
        operations.change_terms,
        lambda: {"terms": make.terms(), "values": {"subsidy": ""}},
        insider=make.officer,
    ),
    call(
        operations.end_terms,
        lambda: {"terms": make.terms(), "ends_on": make.TODAY + timedelta(days=9)},
        insider=make.officer,
    ),
    call(
        operations.verify_terms,
        lambda: {"terms": make.terms(now=make.NOW - timedelta(days=9))},
        insider=make.officer,
    ),
    call(
        operations.export_products,
        lambda: {"rows": FinanceProduct.objects.all()},
        insider=make.officer,
    ),
)
