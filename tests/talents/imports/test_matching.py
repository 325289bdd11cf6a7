"""What becomes of a row: whose record it is and what it changes there."""

from datetime import date

import pytest
from django.db import transaction

from talents import operations
from talents.doubles.finding import alike
from talents.imports import matching, rows, workbook
from talents.imports.models import ImportRow, ImportRun
from talents.imports.workbook.cells import plain_columns
from talents.models import Outcome, Talent
from tests import factories
from tests.factories import NOW
from tests.talents.imports import workbooks

pytestmark = pytest.mark.django_db
TODAY = workbooks.TODAY


def parsed(**changes):
    """One good row of the form, parsed."""
    sheet = workbook.read(workbooks.form(workbooks.person(**changes)))
    return workbook.parse_row(sheet.rows[0], today=TODAY)


def decision(row, department=None):
    """Decide about a row."""
    department = department or factories.department()
    candidates = matching.Candidates([row], department)
    return matching.decide(row, candidates, department=department, by=None, now=NOW)


def imported(**fields):
    """A record a unit reported earlier, as the standard row has it."""
    fields = {
        "full_name": "姜婧彤",
        "user": None,
        "source": "import",
        "id_number": workbooks.identity(),
        "phone": "14000008387",
        "birth_month": date(1990, 9, 1),
    } | fields
    return factories.talent(**fields)


def test_an_unknown_person_is_created_as_verified_by_the_clerk():
    made = decision(parsed())
    assert made.outcome == Outcome.CREATE
    talent = made.talent
    assert (talent.state, talent.source, talent.verified_at) == ("verified", "import", NOW)
    assert (talent.full_name, talent.id_number) == ("姜婧彤", workbooks.identity())
    assert (talent.unit_id, talent.unit_text) == (None, "重庆市两江半导体研究院")
    assert (talent.professional_title, talent.title_level) == ("高级工程师", "associate_senior")
    assert talent.research_fields == ["集成电路", "人工智能"]
    assert made.problems == []


def test_a_unit_is_recognised_under_another_spelling():
    unit = factories.unit("重庆两江半导体研究院")
    made = decision(parsed())
    assert (made.talent.unit, made.talent.unit_text, made.problems) == (unit, "", [])


def test_two_units_of_one_key_are_not_guessed():
    factories.unit("重庆两江半导体研究院")
    factories.unit("重庆市两江半导体研究院")
    made = decision(parsed())
    assert (made.talent.unit, made.talent.unit_text) == (None, "重庆市两江半导体研究院")


def test_a_known_person_is_updated_and_empty_cells_erase_nothing():
    talent = imported(position="所长", email="old@example.cn")
    made = decision(parsed(position=None))
    assert (made.outcome, made.talent) == (Outcome.UPDATE, talent)
    assert (made.talent.position, made.talent.email) == ("所长", "a@example.cn")
    assert sorted(name for name, _before, _after in made.changes) == [
        "degree",
        "education_level",
        "email",
        "political_status",
        "professional_title",
        "research_fields",
        "school_and_major",
        "title_level",
        "unit",
    ]


def test_the_same_row_again_changes_nothing():
    row = parsed()
    matching.decide(
        row,
        matching.Candidates([row], factories.department()),
        department=factories.department(),
        by=None,
        now=NOW,
    ).talent.save()
    again = decision(parsed())
    assert (again.outcome, again.changes) == (Outcome.SAME, [])


def test_what_a_woman_wrote_is_kept_and_her_gaps_are_filled():
    talent = imported(
        user=factories.user("姜婧彤"), professional_title="教授", title_level="senior", position=""
    )
    made = decision(parsed())
    assert (made.outcome, made.talent.pk) == (Outcome.UPDATE, talent.pk)
    assert (made.talent.professional_title, made.talent.title_level) == ("教授", "senior")
    assert made.talent.position == "研发工程师"
    assert [p.message for p in made.problems if p.code == "kept"] == ["本人已填写，未覆盖：职称。"]


@pytest.mark.parametrize("id_number", [workbooks.identity(), None])
def test_what_she_has_not_handed_in_is_neither_found_nor_written_to(id_number):
    """The list makes a record of its own; she is asked later whether it is hers."""
    imported(
        user=factories.user("姜婧彤"),
        state="draft",
        source="self",
        id_number=id_number,
        position="",
    )
    made = decision(parsed())
    assert (made.outcome, made.talent.pk, made.talent.user) == (Outcome.CREATE, None, None)


def test_another_departments_record_is_refused_without_a_word_about_it():
    imported(department=factories.department("trade_union"), position="秘密职务")
    made = decision(parsed())
    assert (made.outcome, made.talent) == (Outcome.REFUSE, None)
    assert [(p.code, p.message, p.cell) for p in made.problems] == [
        (
            "other_department",
            "此人的档案不归您的部门管理，未导入。如需更新，请联系管理员。",
            "B5",
        )
    ]


@pytest.mark.parametrize(
    ("stored", "changes", "code"),
    [
        ({"full_name": "姜晓彤"}, {}, "name_differs"),
        ({"id_number": workbooks.identity("19850505")}, {}, "id_number_differs"),
    ],
)
def test_a_number_or_name_that_does_not_fit_is_refused(stored, changes, code):
    imported(**stored)
    made = decision(parsed(**changes))
    assert (made.outcome, [p.code for p in made.problems]) == (Outcome.REFUSE, [code])


def handed_in(name, **fields):
    """A record a woman typed herself with the number of the standard row, not yet looked at."""
    person = factories.user(name)
    typed = {"user": person, "source": "self", "full_name": name, "phone": person.phone}
    return imported(**{"state": "submitted"} | typed | fields)


@pytest.mark.parametrize("state", ["submitted", "returned"])
def test_what_a_stranger_typed_neither_stops_the_row_nor_is_overwritten(state):
    reason = "请补充单位" if state == "returned" else ""
    stranger = handed_in("李小红", state=state, position="主任", return_reason=reason)
    before = Talent.objects.filter(pk=stranger.pk).values().get()
    made = decision(parsed())
    assert (made.outcome, made.talent.full_name, made.talent.user) == (
        Outcome.CREATE,
        "姜婧彤",
        None,
    )
    (doubt,) = made.problems
    assert (doubt.level, doubt.code) == ("warning", "id_number_in_review")
    assert "李小红" not in doubt.message
    assert Talent.objects.filter(pk=stranger.pk).values().get() == before
    made.talent.save()
    assert operations.why_not_number(stranger, stranger.id_number).code == "id_number_known"
    assert decision(parsed()).outcome == Outcome.SAME


def test_of_a_stranger_of_another_department_nothing_is_said():
    handed_in("李小红", department=factories.department("trade_union"))
    made = decision(parsed())
    assert (made.outcome, made.problems) == (Outcome.CREATE, [])


def test_the_checked_record_is_found_whoever_typed_its_number_since():
    known = imported(position="")
    handed_in("李小红")
    handed_in("姜婧彤")
    made = decision(parsed())
    assert (made.outcome, made.talent.pk, made.problems) == (Outcome.UPDATE, known.pk, [])


@pytest.mark.parametrize("state", ["submitted", "returned"])
@pytest.mark.parametrize(
    ("typed", "cells"),
    [
        ({"phone": None}, {}),
        ({"id_number": None, "phone": "14000008387"}, {}),
        (
            {"id_number": None, "phone": None, "unit_text": "重庆两江半导体研究院"},
            {"id": None, "phone": None},
        ),
    ],
)
def test_into_what_nobody_has_checked_a_list_writes_nothing_whatever_fits(state, typed, cells):
    """Whoever knows a woman's name and numbers may have typed them, and would read what the unit writes."""
    reason = "请补充单位" if state == "returned" else ""
    unchecked = handed_in("姜婧彤", state=state, return_reason=reason, **typed)
    before = Talent.objects.filter(pk=unchecked.pk).values().get()
    row = parsed(**cells)
    made = decision(row)
    assert (made.outcome, made.talent.pk, made.talent.user) == (Outcome.CREATE, None, None)
    assert [p.code for p in made.problems] == ["person_in_review"]
    made.talent.save()
    assert Talent.objects.filter(pk=unchecked.pk).values().get() == before
    assert list(alike([made.talent.pk])) == [(unchecked.pk, made.talent.pk)]
    again = decision(row)
    assert (again.outcome, again.talent.pk, again.problems) == (Outcome.SAME, made.talent.pk, [])


def test_of_an_unchecked_record_of_another_department_nothing_is_said():
    handed_in("姜婧彤", department=factories.department("trade_union"))
    made = decision(parsed())
    assert (made.outcome, made.talent.pk, made.problems) == (Outcome.CREATE, None, [])


def test_of_two_doubts_both_are_said():
    handed_in("姜婧彤")
    handed_in("李小红")
    codes = [problem.code for problem in decision(parsed()).problems]
    assert codes == ["person_in_review", "id_number_in_review"]


def test_whoever_leaves_before_anybody_checked_her_stands_in_the_way_by_her_phone_alone():
    hers = handed_in("姜婧彤", state="left", phone=None)
    made = decision(parsed())
    assert (made.outcome, made.talent.pk, made.problems) == (Outcome.CREATE, None, [])
    hers.phone = "14000008387"
    hers.save()
    made = decision(parsed())
    assert (made.outcome, [p.code for p in made.problems]) == (Outcome.REFUSE, ["left_database"])


def test_phone_and_name_find_a_record_without_number_and_give_it_one():
    talent = imported(id_number=None)
    made = decision(parsed())
    assert (made.outcome, made.talent.pk) == (Outcome.UPDATE, talent.pk)
    assert made.talent.id_number == workbooks.identity()


def test_phone_alone_is_not_enough():
    imported(id_number=None, full_name="别人")
    assert decision(parsed()).outcome == Outcome.CREATE


def test_without_number_and_phone_name_month_and_unit_decide():
    talent = imported(id_number=None, phone=None, unit_text="重庆两江半导体研究院")
    made = decision(parsed(id=None, phone=None))
    assert (made.outcome, made.talent.pk) == (Outcome.UPDATE, talent.pk)
    other = decision(parsed(id=None, phone=None, unit="重庆礼嘉医院"))
    assert other.outcome == Outcome.CREATE


def test_too_long_a_cell_is_cut_to_its_column():
    made = decision(parsed(position="长" * 90, title="高级工程师" + "长" * 70))
    assert (len(made.talent.position), len(made.talent.professional_title)) == (80, 60)
    made.talent.full_clean(exclude=["user"])


def test_a_row_survives_being_stored():
    row = parsed(birth=date(1990, 9, 28), phone=14000008387)
    run = ImportRun(tables=[["", plain_columns(row.raw.columns)]])
    stored = ImportRow(number=row.number, content=rows.pack(row, []))
    back = rows.unpack(stored, run)
    assert (back.values, back.problems, back.raw) == (row.values, row.problems, row.raw)
    assert (back.id_seen, back.merge_with) == (row.id_seen, row.merge_with)
    assert Talent.objects.count() == 0


def test_her_identity_number_comes_from_herself_alone():
    hers = imported(id_number=None, user=factories.user())
    made = decision(parsed())
    assert (made.talent.pk, made.talent.id_number) == (hers.pk, None)
    assert "id_number" not in [name for name, _before, _after in made.changes]


def test_what_she_took_out_of_the_database_is_not_written_to():
    hers = imported(user=factories.user(), state="left", position="", verified_at=NOW)
    made = decision(parsed())
    assert (made.outcome, [p.code for p in made.problems]) == (Outcome.REFUSE, ["left_database"])
    assert Talent.objects.get(pk=hers.pk).position == ""


def test_a_row_without_numbers_meets_and_locks_no_namesake_elsewhere():
    here = factories.department()
    hers = imported(id_number=None, phone=None)
    imported(id_number=None, phone=None, department=factories.department("trade_union"))
    imported(id_number=None, phone=None, birth_month=date(1985, 1, 1))
    rows = [parsed(id=None, phone=None)]
    with transaction.atomic():
        found = matching.Candidates(rows, here, lock=True)
    assert found.checked.by_name == {("姜婧彤", date(1990, 9, 1)): [hers]}
