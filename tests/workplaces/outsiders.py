"""One call of every operation, for tests/test_rights.py."""

from tests import factories
from tests.rights import call
from workplaces.periods import operations as periods
from workplaces.periods.models import PeriodRule

# One list of the law for all departments: a colleague elsewhere keeps it too.
OPEN = ("staff elsewhere",)


def _clerk(given):
    return factories.staff("department_clerk")


def _rule():
    return {"rule": PeriodRule.objects.get(right="father")}


CALLS = (
    call(
        periods.save_rule,
        lambda: _rule() | {"amount": 25},
        insider=_clerk,
        open_to=OPEN,
    ),
    call(periods.check_rule, _rule, insider=_clerk, open_to=OPEN),
)
