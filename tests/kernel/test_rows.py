"""Rows written by one remembered statement (kernel.rows) are those `save` writes."""

import pytest
from django.db import IntegrityError

from accounts.models import Department, Unit
from events.models import Booking
from kernel import rows
from kernel.prepared import Statement
from privacy.models import AuditEntry
from talents.models import Talent
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def values(row):
    """Return what the table holds of `row`, less its key and codes drawn at random."""
    found = type(row).objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in found.items() if name not in ("id", "code")}


def entry():
    detail = {"place": 3, "词": "一"}
    return AuditEntry(at=NOW, action="events.book", object_type="x", object_id="7", detail=detail)


def booking(event, talent, place=1):
    return Booking(event=event, talent=talent, state="confirmed", place=place, booked_at=NOW)


def test_a_row_is_the_same_as_one_that_was_saved():
    saved, inserted = entry(), entry()
    saved.save()
    rows.insert(inserted)
    assert values(inserted) == values(saved)
    assert (inserted.pk, inserted._state.adding) == (saved.pk + 1, False)


def test_encrypted_columns_are_encrypted_as_ever():
    talent = Talent(
        department=factories.department(), created_at=NOW, updated_at=NOW, phone="13812345678"
    )
    rows.insert(talent)
    kept = Talent.objects.get(pk=talent.pk)
    assert (kept.phone, kept.phone_index) == ("13812345678", talent.phone_index)


def test_what_is_there_once_is_not_written_twice():
    event, talent = factories.event(), factories.talent()
    assert [rows.insert_once(booking(event, talent, place)) for place in (1, 2)] == [True, False]
    assert Booking.objects.count() == 1


def test_only_the_named_column_is_forgiven():
    rows.insert_once(Unit(name="甲所", uscc="x", kind="school"), "uscc")
    assert rows.insert_once(Unit(name="乙所", uscc="x", kind="school"), "uscc") is False
    with pytest.raises(IntegrityError):
        rows.insert_once(Unit(name="甲所", uscc="y", kind="school"), "uscc")


def test_what_goes_with_a_row_is_written_by_its_statement_and_not_without_it():
    unit = Unit(name="重庆示例甲有限公司", kind="enterprise", is_partner=True)
    then = (
        """
        INSERT INTO accounts_department (code, name, short_name, name_en, "order")
        SELECT %(begin)s || first.id, 'x', 'x', 'x', 99 FROM first
    """,
        (("begin", "text"),),
    )
    assert rows.insert_once_with(unit, "name", then, {"begin": "of"}) is True
    assert Department.objects.filter(code=f"of{unit.pk}").count() == 1
    again = Unit(name=unit.name, kind="enterprise", is_partner=True)
    assert rows.insert_once_with(again, "name", then, {"begin": "of"}) is False
    assert Department.objects.filter(code__startswith="of").count() == 1


def test_a_locked_row_is_the_one_the_query_finds_with_what_else_it_holds():
    talent = factories.talent(phone="14000009999")
    sql = f"""SELECT {rows.columns(Talent, "t")}, 7 FROM talents_talent AS t WHERE id = %(t)s FOR UPDATE"""
    statement = Statement(sql, t="bigint")
    found, seven = rows.locked(Talent, statement, t=talent.pk)
    assert (values(found), found.phone, seven) == (values(talent), "14000009999", 7)
    with pytest.raises(Talent.DoesNotExist):
        rows.locked(Talent, statement, t=0)
