"""A venture is entered, founded together, moves through its stages, and what is wrong leaves no row."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from entrepreneurship.ventures.models import Venture, VentureFounder, VentureStage
from kernel.errors import DomainError
from privacy.models import AuditEntry
from tests.entrepreneurship import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
TODAY = date(2026, 11, 23)
KEPT = {"by": None, "now": NOW}


def refused(operation, **given):
    """Return the code and field of a refusal."""
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        operation(**given, **KEPT)
    return refusal.value.code, refusal.value.field


def counts():
    return Venture.objects.count(), VentureFounder.objects.count(), VentureStage.objects.count()


def test_she_enters_a_venture_once_and_is_its_first_founder():
    her = make.woman()
    one = make.venture(her)
    assert make.venture(her) == one  # pressed twice
    assert counts() == (1, 1, 1)
    one = make.fresh(one)
    assert (one.talent, one.department, one.shares) == (her, her.department, Decimal("60.00"))
    assert (one.stage, one.stage_on, one.registered_on) == ("idea", date(2026, 1, 5), None)
    assert one.next_check_on == date(2027, 11, 23)
    assert AuditEntry.objects.filter(action="entrepreneurship.create_venture").count() == 1


WRONG = {
    "no name": ({"name": " "}, ("name_missing", "name")),
    "no industry": ({"industry": "?"}, ("industry_missing", "industry")),
    "a wrong digit": ({"uscc": make.USCC[:-1] + "9"}, ("uscc_invalid", "uscc")),
    "seventeen": ({"uscc": make.USCC[:-1]}, ("uscc_invalid", "uscc")),
    "101 %": ({"share": "101"}, ("share_range", "share")),
    "-1 %": ({"share": "-1"}, ("share_range", "share")),
    "three decimals": ({"share": "1.005"}, ("share_decimals", "share")),
    "no number": ({"share": "一半"}, ("share_range", "share")),
    "infinite": ({"share": "Infinity"}, ("share_range", "share")),
    "tomorrow": ({"day": TODAY + timedelta(days=1)}, ("day_in_future", "day")),
    "registered without code": ({"stage": "registered"}, ("uscc_missing", "uscc")),
    "operating at once": ({"stage": "operating"}, ("stage_unknown", "stage")),
    "no role": ({"role": "boss"}, ("role_unknown", "role")),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_one_sentence_and_no_row(name):
    values, told = WRONG[name]
    assert refused_venture(values) == told
    assert counts() == (0, 0, 0)


def refused_venture(values):
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        make.venture(**values)
    return refusal.value.code, refusal.value.field


def test_a_code_stands_with_one_venture_only():
    make.registered()
    assert refused_venture({"uscc": make.USCC}) == ("uscc_taken", "uscc")
    # The constraint says so to whoever writes past the rule.
    other = make.venture()
    with pytest.raises(DatabaseError, match="venture_uscc_once"), transaction.atomic():
        Venture.objects.filter(pk=other.pk).update(uscc=make.USCC)
