"""One call of every operation, for tests/test_rights.py."""

from datetime import date

from reports import operations
from tests import factories
from tests.rights import call

CALLS = (
    call(
        operations.request_monthly,
        lambda: {"month": date(2026, 10, 1)},
        insider=lambda given: factories.staff("department_reviewer"),
        open_to=[
            "staff elsewhere"
        ],  # the report is about all departments; any reviewer asks for it
    ),
)
