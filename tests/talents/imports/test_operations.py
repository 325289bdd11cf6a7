"""Who may do what with a list, and when."""

import io

import pytest

from kernel.errors import DomainError
from privacy.models import AuditEntry
from talents.imports import operations, running
from talents.imports.models import ImportRun
from tests import factories
from tests.factories import NOW
from tests.talents.imports import workbooks

pytestmark = pytest.mark.django_db


def another_departments_clerk():
    """May import, elsewhere."""
    return factories.staff("department_clerk", department_code="trade_union")


def organiser():
    """Works in the department, with other rights."""
    return factories.staff("event_organiser")


def woman():
    """No staff at all."""
    return factories.user()


OUTSIDERS = pytest.mark.parametrize(
    ("outsider", "code"),
    [
        (another_departments_clerk, "not_in_scope"),
        (organiser, "not_allowed"),
        (woman, "not_allowed"),
    ],
)


def uploaded(by, data=None):
    """A run of the women's federation, not yet read."""
    data = data or workbooks.form(workbooks.person(), workbooks.person(name=None)).getvalue()
    department = factories.department()
    return operations.upload(
        file_name="form.xlsx", data=data, department=department, by=by, now=NOW
    )


def previewed(by=None):
    """A run with one good and one refused row, waiting for its confirmation."""
    run = uploaded(by)
    running.work(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    return run


def refusal(function, **arguments):
    """The code of the DomainError a call raises."""
    with pytest.raises(DomainError) as refused:
        function(**arguments)
    return refused.value.code


@OUTSIDERS
def test_outsiders_bring_no_list_in(outsider, code):
    assert refusal(uploaded, by=outsider()) == code
    # Who may not import is told so first, whatever the file is.
    assert refusal(uploaded, by=outsider(), data=b"no workbook") == code
    assert (ImportRun.objects.count(), AuditEntry.objects.count()) == (0, 0)


@OUTSIDERS
def test_outsiders_do_nothing_with_a_list(outsider, code):
    run, by = previewed(), outsider()
    before = AuditEntry.objects.count()
    out = io.BytesIO()
    assert refusal(operations.confirm, run=run, by=by, now=NOW) == code
    assert refusal(operations.cancel, run=run, by=by, now=NOW) == code
    assert refusal(operations.export_refused, run=run, out=out, by=by, now=NOW) == code
    run.refresh_from_db()
    assert (run.state, run.rows.count(), out.getvalue()) == ("ready", 2, b"")
    assert AuditEntry.objects.count() == before


def test_a_clerk_who_lost_her_rights_does_not_confirm_her_own_list():
    clerk = factories.staff("department_clerk")
    run = previewed(clerk)
    clerk.groups.clear()
    clerk = type(clerk).objects.get(pk=clerk.pk)
    assert refusal(operations.confirm, run=run, by=clerk, now=NOW) == "not_allowed"


@pytest.mark.parametrize(
    "insider",
    [
        lambda: factories.staff("department_clerk"),
        lambda: factories.staff(is_superuser=True, department_code="trade_union"),
        lambda: None,
    ],
)
def test_insiders_do_all_of_it(insider):
    by = insider()
    run, out = previewed(by), io.BytesIO()
    operations.export_refused(run=run, out=out, by=by, now=NOW)
    assert out.getvalue()[:2] == b"PK"
    operations.confirm(run=run, by=by, now=NOW)
    run = operations.cancel(run=previewed(by), by=by, now=NOW)
    assert (run.state, run.rows.count()) == ("cancelled", 0)


@pytest.mark.parametrize(
    ("state", "confirm", "cancel"),
    [
        ("uploaded", "not_ready", None),
        ("previewing", "not_ready", None),
        ("ready", None, None),
        ("committing", "not_ready", None),
        ("done", "not_ready", "too_late"),
        ("failed", "not_ready", "has_ended"),
        ("cancelled", "not_ready", "has_ended"),
    ],
)
def test_what_a_run_allows_as_it_stands(state, confirm, cancel):
    run = ImportRun(state=state)
    errors = operations.why_not_confirm(run), operations.why_not_cancel(run)
    assert tuple(error and error.code for error in errors) == (confirm, cancel)
