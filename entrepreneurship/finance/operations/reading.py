"""Reading introductions, each reading on record: one with what she told, a list without it, a list handed out.

One is read under its row's lock: a withdrawal waits for whoever reads, and whoever reads afterwards finds nothing.
"""

import json

from django.db import transaction
from django.utils.translation import gettext as _

from entrepreneurship.finance import referrals_rules as rules
from entrepreneurship.finance.operations.referrals import locked_referral
from kernel.errors import Refused
from privacy import audit


@transaction.atomic
def read_referral(*, referral, by, now, unit=None):
    """Return what the bank is told of an introduction now, and put the reading on record.

    After a withdrawal that is nothing but `consent_withdrawn`. `by` None is the bank's program (`unit`, its key's unit). Returns (Referral, {field: value},
    {} where there is nothing to tell). Raises Refused.
    """
    if by is None and unit is None:
        raise Refused("not_your_bank", _("这次对接不属于您的银行。"))
    if error := rules.why_not_bank(referral, by):
        raise error
    referral = locked_referral(referral)
    told = {}
    if rules.may_read(referral, now) and referral.contents:
        told = json.loads(referral.contents)
    detail = {"unit": unit} if unit else {}
    audit.record(
        "entrepreneurship.read_referral", referral, by=by, at=now, told=sorted(told), **detail
    )
    return referral, told


def read_list(*, bank, codes, by, now, unit=None):
    """Put on record that a bank was shown a list of its introductions, and which `codes` they were.

    `by` None is the bank's program (`unit`, its key's unit). Raises Refused.
    """
    if by is None and unit is None:
        raise Refused("not_your_bank", _("这次对接不属于您的银行。"))
    if error := rules.why_not_of_bank(bank.pk, by):
        raise error
    detail = {"unit": unit} if unit else {}
    told = {"count": len(codes), "codes": codes} | detail
    audit.record("entrepreneurship.read_referrals", bank, by=by, at=now, **told)


@transaction.atomic
def export_referrals(*, rows, by, now):
    """Put on record that the list is handed out; returns its rows. Raises Refused."""
    if by is not None and not by.has_perm("entrepreneurship.export_referral"):
        raise Refused("not_allowed", _("只有金融专员可以导出金融对接。"))
    found = list(rows.select_related("bank__unit", "product", "terms"))
    if by is not None:
        audit.record("entrepreneurship.export_referrals", by, by=by, at=now, count=len(found))
    return found
