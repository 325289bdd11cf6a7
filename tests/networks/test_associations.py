"""Associations: legal form decides what is checked; yearly checks; changes are filed in thirty days."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from kernel.errors import DomainError
from networks import queue
from networks.associations import operations, rules
from networks.associations.models import Association, Filing
from places.models import CalendarDays
from privacy.models import AuditEntry
from tests import factories
from tests.networks import make
from tests.networks.make import KEPT, NOW, TODAY

pytestmark = pytest.mark.django_db


def refused(operation, **given):
    """Return (code, field) of a refusal; nothing is written."""
    before = AuditEntry.objects.count()
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        operation(**given, **KEPT)
    assert AuditEntry.objects.count() == before
    return refusal.value.code, refusal.value.field


def saved(**fields):
    said = make.values(department=factories.department(), **fields)
    return operations.save_association(values=said, **KEPT)


# --- legal form ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"uscc": ""}, ("uscc_missing", "uscc")),
        ({"uscc": make.code("91")}, ("uscc_of_other_form", "uscc")),
        ({"uscc": make.code("52")}, ("uscc_of_other_form", "uscc")),
        ({"uscc": "51500000MJNT00019X"}, ("uscc_invalid", "uscc")),
        ({"legal_form": "fellowship"}, ("uscc_of_other_form", "uscc")),
        ({"legal_form": "federation", "uscc": ""}, ("document_missing", "document")),
        ({"supervisor": " "}, ("supervisor_missing", "supervisor")),
        ({"term_years": 3}, ("term_years", "term_years")),
        ({"founded_on": date(2026, 11, 24)}, ("founded_later", "founded_on")),
    ],
)
def test_what_does_not_fit_its_legal_form_is_one_sentence_and_no_row(fields, told):
    said = make.values(department=factories.department(), **fields)
    assert (refused(operations.save_association, values=said), Association.objects.count()) == (
        told,
        0,
    )


def test_a_code_with_blanks_and_small_letters_is_the_code_and_belongs_to_one():
    code = make.code()
    one = saved(uscc=f" {code[:8].lower()} {code[8:].lower()} ")
    assert one.uscc == code
    said = make.values(department=factories.department(), uscc=one.uscc)
    assert refused(operations.save_association, values=said) == ("uscc_taken", "uscc")
    other = make.association()
    assert refused(operations.save_association, association=other, values={"name": one.name}) == (
        "association_twice",
        "name",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"uscc": None},
        {"uscc": "91500000MA60F0000H"},
        {"legal_form": "fellowship"},
        {"legal_form": "federation", "uscc": None},
        {"supervisor": ""},
        {"term_years": 6},
        {"dissolved_on": TODAY},
    ],
)
def test_the_database_refuses_what_the_rules_refuse(change):
    one = make.association()
    with pytest.raises(DatabaseError, match="association_"), transaction.atomic():
        Association.objects.filter(pk=one.pk).update(**change)


def test_a_federation_and_a_fellowship_have_no_code_and_nothing_to_file():
    document = "两江妇发〔2021〕15号"
    federation = saved(legal_form="federation", uscc="", document=document, term_years=5)
    operations.save_association(association=federation, values={"address": "星光大道"}, **KEPT)
    assert (federation.uscc, Filing.objects.count()) == (None, 0)
    assert refused(
        operations.add_filing, association=federation, kind="scope", decided_on=TODAY
    ) == ("not_registered", None)
    assert rules.checks_missing(federation, TODAY) == []


def test_a_unit_stands_for_one_association_and_is_one():
    bank, unit = factories.unit(kind="bank"), factories.unit(kind="association")
    one = make.association(unit=unit)
    other = make.association()
    for wrong, code in ((bank, "unit_of_other_kind"), (unit, "unit_taken")):
        answer = refused(operations.save_association, association=other, values={"unit": wrong})
        assert answer == (code, "unit")
    assert one.unit == unit


# --- filed and checked -----------------------------------------------------------------------------
def test_a_changed_name_is_filed_within_thirty_days_and_what_is_no_matter_is_not():
    one = make.association()
    change = {"address": "星光大道 1 号", "contact": "023-67000000"}
    operations.save_association(association=one, values=change, **KEPT)
    filing = Filing.objects.get()
    assert (filing.kind, filing.decided_on, filing.due_on) == (
        "address",
        TODAY,
        date(2026, 12, 23),
    )
    operations.save_association(association=one, values={"address": "星光大道 2 号"}, **KEPT)
    assert Filing.objects.count() == 1
    assert refused(operations.add_filing, association=one, kind="address", decided_on=TODAY) == (
        "filing_open",
        "kind",
    )


def test_a_last_day_that_is_a_rest_day_gives_way_to_the_next_working_day():
    """Thirty days from 27 November is a Sunday, from 2 December New Year's Day, which the year's notice makes three."""
    CalendarDays.objects.create(
        first_day=date(2027, 1, 1), last_day=date(2027, 1, 3), name="元旦", source="放假安排"
    )
    decided = [date(2026, 11, 23), date(2026, 11, 27), date(2026, 12, 2)]
    due = [date(2026, 12, 23), date(2026, 12, 28), date(2027, 1, 4)]
    assert [rules.due_on(day) for day in decided] == due


def test_a_day_made_free_moves_what_is_due_later_and_none_earlier():
    one = make.association()
    filing = operations.add_filing(association=one, kind="scope", decided_on=TODAY, **KEPT)
    free = CalendarDays.objects.create(
        first_day=date(2026, 12, 23), last_day=date(2026, 12, 24), name="活动日", source="通知"
    )
    operations.move_filings(now=NOW)
    assert make.fresh(filing).due_on == date(2026, 12, 25)
    free.delete()
    operations.move_filings(now=NOW)
    assert make.fresh(filing).due_on == date(2026, 12, 25)


def test_a_filing_is_noted_by_its_paper_and_taken_back():
    one = make.association()
    decided = date(2026, 10, 12)
    filing = operations.add_filing(association=one, kind="scope", decided_on=decided, **KEPT)
    clerk = factories.staff("department_clerk")
    line = queue.filings(clerk, NOW)
    assert (line.count, line.urgent) == (1, True)
    for given, told in (
        ({"filed_on": date(2026, 10, 1), "document": "决定书"}, ("filed_when", "filed_on")),
        ({"filed_on": TODAY, "document": " "}, ("document_missing", "document")),
    ):
        assert refused(operations.file_change, filing=filing, **given) == told
    said = {"filed_on": TODAY, "document": "准予变更决定书"}
    for _twice in range(2):
        operations.file_change(filing=filing, **said, **KEPT)
    assert queue.filings(clerk, NOW).count == 0
    assert AuditEntry.objects.filter(action="networks.file_change").count() == 1
    assert operations.take_back_filing(filing=filing, **KEPT).filed_on is None
    assert refused(operations.take_back_filing, filing=filing) == ("not_filed", None)


def test_the_check_of_a_year_is_missing_from_june_on_until_it_is_noted():
    one = make.association(founded_on=date(2024, 3, 1))
    days = [date(2025, 5, 31), date(2025, 6, 1), TODAY]
    assert [rules.checks_missing(one, day) for day in days] == [[], [2024], [2024, 2025]]
    said = {"result": "passed", "checked_on": date(2026, 5, 20), "document": "年检通告"}
    operations.save_check(association=one, year=2025, **said, **KEPT)
    operations.save_check(association=one, year=2025, **said | {"result": "partly"}, **KEPT)
    assert rules.checks_missing(one, TODAY) == [2024]
    assert one.yearly_checks.get().result == "partly"
    for year in (2023, 2026):
        answer = refused(operations.save_check, association=one, year=year, **said)
        assert answer == ("check_year", "year")


def test_dissolved_nobody_is_in_office_from_that_day_and_it_can_be_taken_back():
    held = make.chair()
    one = held.association
    operations.dissolve_association(association=one, on=TODAY, reason="会员大会决定注销", **KEPT)
    office = type(held).objects
    before, on = (office.in_office(day).count() for day in (TODAY - make.DAY, TODAY))
    assert (before, on) == (1, 0)
    assert refused(operations.add_filing, association=one, kind="scope", decided_on=TODAY) == (
        "dissolved",
        None,
    )
    operations.restore_association(association=one, **KEPT)
    assert office.in_office(TODAY).get() == held
