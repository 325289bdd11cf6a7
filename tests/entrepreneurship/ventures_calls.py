"""One call of every operation of the theme, for tests/test_rights.py."""

from datetime import date

from entrepreneurship.ventures import operations
from entrepreneurship.ventures.models import Venture
from tests import factories
from tests.entrepreneurship import make
from tests.rights import call

DAY = date(2026, 11, 20)


def clerk(given=None):
    """Return a clerk of her department."""
    return factories.staff("department_clerk")


def keeper(given):
    """Return who keeps the venture."""
    one = given.get("venture") or (given.get("founder") or given["checkpoint"]).venture
    return one.talent.user


def _new():
    values = {"name": "听声科技", "industry": "M", "role": "lead", "share": "60"}
    return {"talent": make.woman(), "values": values}


CALLS = (
    call(operations.create_venture, _new, insider=lambda given: given["talent"].user),
    call(
        operations.save_venture,
        lambda: {"venture": make.venture(), "values": {"name": "听声智能"}},
        insider=keeper,
    ),
    call(
        operations.export_ventures,
        lambda: {"rows": Venture.objects.all()},
        insider=clerk,
        open_to=("staff elsewhere",),  # her own department's alone
    ),
)
