"""One call of every operation, for tests/test_rights.py."""

from datetime import date

from reports import operations
from tests import factories
from tests.rights import call


def built():
    """Return a report whose files are there."""
    report = operations.request_monthly(month=date(2026, 10, 1), by=None, now=factories.NOW)
    operations.build(report=report, now=factories.NOW)
    report.refresh_from_db()
    return report


CALLS = (
    call(
        operations.download,
        lambda: {"report": built(), "kind": "pdf"},
        insider=lambda given: factories.staff("auditor"),
        open_to=["staff elsewhere"],  # counts of all departments, nobody's record
    ),
    call(
        operations.request_monthly,
        lambda: {"month": date(2026, 10, 1)},
        insider=lambda given: factories.staff("department_reviewer"),
        open_to=[
            "staff elsewhere"
        ],  # the report is about all departments; any reviewer asks for it
    ),
)
