"""Revealing personal data: with the permission, a reason, a record in reach, and a trace."""

import pytest

from kernel.errors import Invalid, Refused
from privacy.models import AuditEntry
from privacy.operations import reveal
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def talent():
    return factories.talent(id_number="500105199001010004", phone="14000001234")


def read(talent, by, reason="核对身份证原件", field="id_number"):
    return reveal(obj=talent, field=field, by=by, reason=reason, now=NOW)


def test_a_reviewer_with_a_reason_reads_it_and_leaves_a_trace(talent):
    reviewer = factories.staff("department_reviewer")
    assert read(talent, reviewer) == "500105199001010004"
    entry = AuditEntry.objects.get(action="privacy.reveal")
    assert (entry.actor_id, entry.object_id) == (reviewer.pk, str(talent.pk))
    assert (entry.reason, entry.detail) == ("核对身份证原件", {"field": "id_number"})
    assert "500105" not in f"{entry.__dict__}"


@pytest.mark.parametrize("reason", ["", None, "   ", "核对", "看一下"])
def test_a_reason_of_fewer_than_four_characters_is_refused(talent, reason):
    with pytest.raises(Invalid) as caught:
        read(talent, factories.staff("department_reviewer"), reason)
    assert (caught.value.code, caught.value.field) == ("reason_too_short", "reason")
    assert not AuditEntry.objects.filter(action="privacy.reveal").exists()


def test_a_clerk_without_the_permission_is_refused(talent):
    with pytest.raises(Refused) as caught:
        read(talent, factories.staff("department_clerk"))
    assert caught.value.code == "reveal_not_allowed"


def test_a_reviewer_of_another_department_is_refused(talent):
    outsider = factories.staff("department_reviewer", department_code="trade_union")
    with pytest.raises(Refused):
        read(talent, outsider)


def test_nobody_is_nobody(talent):
    with pytest.raises(Refused):
        read(talent, None)


def test_plain_fields_are_not_revealed(talent):
    with pytest.raises(TypeError):
        read(talent, factories.staff("department_reviewer"), field="full_name")
