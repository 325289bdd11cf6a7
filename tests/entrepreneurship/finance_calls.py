"""One call of every operation of the theme, for tests/test_rights.py."""

from datetime import timedelta

from entrepreneurship.finance import operations
from entrepreneurship.finance.models import FinanceProduct
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


CALLS = (
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
