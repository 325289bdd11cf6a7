"""Who is preferred, for what, until when: registered, asked for, ended, shown beside applications, changing no score."""

import io
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from calls import advantages, conditions, minutes, operations, personal_data
from calls.models import Advantage, Call
from calls.operations.ranking import reckon
from kernel.errors import Conflict, DomainError, Refused
from kernel.portal import Person
from privacy.models import AuditEntry
from tests import factories
from tests.calls import make
from tests.waits import beside

NOW, DAY = factories.NOW, timedelta(days=1)
TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def held(on=TODAY, **holder):
    return [one.kind for one in advantages.held_by(on=on, **holder)]


def test_it_holds_from_its_first_to_its_last_day_and_expires_by_itself():
    unit = factories.unit()
    make.advantage(unit=unit, last_day=TODAY + 9 * DAY)
    days = (TODAY - DAY, TODAY, TODAY + 9 * DAY, TODAY + 10 * DAY)
    assert [held(day, unit=unit) for day in days] == [[], ["return-fund"], ["return-fund"], []]
    assert held(unit=factories.unit()) == []
    assert held() == []


def test_of_a_person_it_is_hers_and_of_her_unit_only_who_asks_for_both_is_told():
    talent = factories.talent(unit=factories.unit())
    make.advantage(unit=talent.unit)
    make.advantage(talent=talent, kind="own")
    assert held(talent=talent) == ["own"]
    assert held(talent=talent, unit=talent.unit) == ["return-fund", "own"]


@pytest.mark.parametrize(
    "values, code",
    [
        ({"kind": "Return Fund"}, "kind_wrong"),
        ({"kind": ""}, "kind_wrong"),
        ({"words": "  "}, "words_missing"),
        ({"source": ""}, "source_missing"),
        ({"measure": 11}, "measure_unknown"),
        ({"last_day": TODAY - DAY}, "ends_before_start"),
        ({"unit": None}, "holder_wrong"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(values, code):
    with pytest.raises(DomainError) as error:
        make.advantage(**values)
    assert (error.value.code, Advantage.objects.count()) == (code, 0)


def test_both_holders_at_once_are_refused():
    with pytest.raises(DomainError) as error:
        make.advantage(talent=factories.talent(), unit=factories.unit())
    assert error.value.code == "holder_wrong"


@pytest.mark.parametrize("holder", ["unit", "talent"])
def test_two_of_a_kind_never_overlap_by_rule_and_by_constraint(holder):
    whom = {holder: getattr(factories, holder)()}
    first = make.advantage(**whom)
    assert make.advantage(**whom) == first  # asked again, an app gets the same one
    with pytest.raises(Conflict) as error:
        make.advantage(**whom, first_day=first.last_day, last_day=first.last_day + DAY)
    assert error.value.code == "advantage_overlaps"
    make.advantage(**whom, kind="other")
    make.advantage(**whom, first_day=first.last_day + DAY, last_day=first.last_day + 9 * DAY)
    row = Advantage.objects.order_by("pk").last()
    row.pk, row.code = None, "anothercode"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_ended_it_holds_no_more_from_today_and_undone_until_its_day():
    unit = factories.unit()
    row = make.advantage(unit=unit, first_day=TODAY - 9 * DAY)
    later = row.last_day
    for _twice in range(2):
        operations.end_advantage(advantage=row, reason="基金已撤销", by=None, now=NOW)
    row.refresh_from_db()
    assert (row.last_day, row.planned_last_day) == (TODAY - DAY, later)
    assert [held(day, unit=unit) for day in (TODAY - DAY, TODAY)] == [["return-fund"], []]
    operations.undo_end_advantage(advantage=row, by=None, now=NOW)
    assert held(unit=unit) == ["return-fund"]
    operations.end_advantage(advantage=row, reason="基金已撤销", by=None, now=NOW)
    make.advantage(unit=unit, source="新的备案表")
    with pytest.raises(Conflict) as error:
        operations.undo_end_advantage(advantage=row, by=None, now=NOW)
    assert error.value.code == "advantage_overlaps"
    done = AuditEntry.objects.filter(object_type="calls.advantage").order_by("pk")
    assert [one.removeprefix("calls.") for one in done.values_list("action", flat=True)] == [
        "register_advantage",
        "end_advantage",
        "undo_end_advantage",
        "end_advantage",
        "register_advantage",
    ]


def test_ended_before_it_began_it_holds_on_no_day():
    unit = factories.unit()
    row = make.advantage(unit=unit, first_day=TODAY + 5 * DAY, last_day=TODAY + 9 * DAY)
    operations.end_advantage(advantage=row, reason="登记错了单位", by=None, now=NOW)
    assert [held(TODAY + n * DAY, unit=unit) for n in (4, 5, 9)] == [[], [], []]
    again = make.advantage(
        unit=unit, first_day=TODAY + 5 * DAY, last_day=TODAY + 9 * DAY, source="更正"
    )
    assert held(TODAY + 5 * DAY, unit=unit) == [again.kind]


def test_only_the_department_that_registered_it_ends_it():
    row = make.advantage()
    elsewhere = factories.staff("department_clerk", department_code="science_innovation")
    with pytest.raises(Refused):
        operations.end_advantage(advantage=row, reason="不归我们管", by=elsewhere, now=NOW)
    clerk = factories.staff("department_clerk")
    assert operations.end_advantage(advantage=row, reason="基金已撤销", by=clerk, now=NOW).ended_at


@contextmanager
def without(constraint):
    """Take a constraint out while the block lasts; what it would not let stand goes before it comes back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [constraint]
        )
        (definition,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE calls_advantage DROP CONSTRAINT {constraint}")
        try:
            yield
        finally:
            Advantage.objects.all().delete()
            cursor.execute(f"ALTER TABLE calls_advantage ADD CONSTRAINT {constraint} {definition}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_constraint", [True, False])
def test_two_who_register_at_once_register_one(with_constraint):
    """The control has no constraint: both have looked, neither saw the other's row, and both stand."""
    unit = factories.unit()

    def register(source):
        make.advantage(unit=unit, source=source)

    with nullcontext() if with_constraint else without("advantage_of_unit_once"):
        met = beside(lambda: register("一号备案表"), lambda: register("二号备案表"))
        count = Advantage.objects.count()
    assert (met, count) == (("advantage_overlaps", 1) if with_constraint else (None, 2))


# --- beside applications ---------------------------------------------------------------------------
def test_the_text_applicants_read_says_so_where_the_call_shows_any():
    said = "它不代替申报条件，也不改变评分"
    assert [
        any(said in line for line in conditions.sentences(make.call(shows_advantages=shown)))
        for shown in (True, False)
    ] == [True, False]


def test_whether_it_shows_any_is_frozen_once_it_is_open():
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=make.call().pk).update(shows_advantages=False)


def test_it_stands_beside_who_holds_one_on_the_day_of_the_deadline():
    mine, other = make.handed_in(), make.handed_in()
    make.advantage(unit=mine.talent.unit, last_day=TODAY + 10 * DAY)
    make.advantage(unit=other.talent.unit, last_day=TODAY + 9 * DAY)
    assert advantages.day_of(mine.call) == TODAY + 10 * DAY
    assert advantages.beside(mine.call, [mine]) == {
        mine.pk: "设有返岗科研基金（到2026年12月3日 (周四)）"
    }
    assert advantages.beside(other.call, [other]) == {}
    hidden = make.handed_in(make.call(shows_advantages=False), mine.talent)
    assert advantages.beside(hidden.call, [hidden]) == {}


def test_staff_read_it_in_list_page_panel_and_minutes_and_no_score_changes(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    review = make.scored(make.judging(applications=2, panel=1), {(0, 1): 80, (0, 2): 90})
    first = review.candidates.get(number=1)
    before = [(line.candidate.number, line.raw, line.place) for line in reckon(review).lines]
    unit = first.application.talent.unit
    make.advantage(unit=unit, last_day=TODAY + 400 * DAY)
    assert [
        (line.candidate.number, line.raw, line.place) for line in reckon(review).lines
    ] == before
    client.force_login(factories.staff("department_clerk"))
    said = "设有返岗科研基金"
    shown = client.get(reverse("admin:calls_application_change", args=[first.application_id])).text
    assert said in shown
    listed = client.get(reverse("admin:calls_application_changelist"))
    rows = {row.pk: row.is_preferred for row in listed.context["cl"].result_list}
    assert rows == {one.application_id: one == first for one in review.candidates.all()}
    assert (
        client.get(reverse("admin:calls_review_panel_page", args=[review.pk])).text.count(said) == 1
    )
    from docx import Document

    book, _name = minutes.made(review)
    text = "\n".join(p.text for p in Document(io.BytesIO(book)).paragraphs)
    assert (text.count(said), "没有改变评分和排名" in text) == (1, True)


# --- staff's pages ---------------------------------------------------------------------------------
def test_the_clerk_registers_finds_ends_restores_and_takes_the_list_out(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    clerk = factories.staff("department_clerk")
    client.force_login(clerk)
    unit, today = factories.unit("重庆云岭研究院"), timezone.localdate()
    add = reverse("admin:calls_advantage_add")
    typed = {
        "kind": "return-fund",
        "words": "设有返岗科研基金",
        "measure": 8,
        "unit": unit.pk,
        "talent_code": "",
        "first_day": today.isoformat(),
        "last_day": (today + 365 * DAY).isoformat(),
        "source": "备案表",
    }
    wrong = client.post(add, typed | {"last_day": (today - DAY).isoformat()})
    assert (wrong.status_code, "结束日期不能早于开始日期" in wrong.text) == (200, True)
    assert "没有这个人才编号" in client.post(add, typed | {"talent_code": "XX"}).text
    assert Advantage.objects.count() == 0
    client.post(add, typed)
    row = Advantage.objects.get()
    assert (row.unit, row.department, row.granted_by) == (unit, clerk.department, clerk)
    assert "时间不能重叠" in client.post(add, typed | {"source": "另一张"}).text
    page = client.get(reverse("admin:calls_advantage_changelist") + "?today=holding").text
    assert "重庆云岭研究院" in page
    end = reverse("admin:calls_advantage_end", args=[row.pk])
    assert client.post(end, {"reason": "短"}).status_code == 422
    client.post(end, {"reason": "基金已撤销"})
    assert (
        "重庆云岭研究院"
        not in client.get(
            reverse("admin:calls_advantage_changelist") + "?today=holding"
        ).text.partition("result_list")[2]
    )
    client.post(reverse("admin:calls_advantage_undo_end", args=[row.pk]))
    row.refresh_from_db()
    assert (row.ended_at, row.holds(today)) == (None, True)
    assert client.get(reverse("admin:calls_advantage_export")).content[:2] == b"PK"
    assert AuditEntry.objects.filter(action="calls.export_advantages").count() == 1


# --- her data --------------------------------------------------------------------------------------
def test_hers_is_in_her_copy_goes_with_her_and_is_kept_three_years():
    talent = factories.talent()
    row = make.advantage(talent=talent)
    groups = {str(g.title): list(g.rows) for g in personal_data.collect(talent.user)}
    assert groups["给本人的优先条件"] == [row]
    over = NOW + 366 * DAY
    assert list(personal_data.old_advantages(NOW)) == []
    assert list(personal_data.old_advantages(over)) == [row]
    make.advantage()  # of a unit it is kept
    assert list(personal_data.old_advantages(over)) == [row]
    personal_data.erase(Person(talent.user, (talent,), "已删除用户 7"), NOW)
    assert Advantage.objects.filter(talent__isnull=False).count() == 0


def test_two_records_of_one_woman_keep_one_where_they_overlap():
    keep, lose = factories.talent(), factories.talent()
    make.advantage(talent=keep)
    stays, goes = make.advantage(talent=lose), make.advantage(talent=lose, kind="other")
    personal_data.MOVING_ADVANTAGES.move(keep, lose, NOW)
    rows = Advantage.objects.filter(pk__in=[stays.pk, goes.pk]).order_by("pk")
    assert [row.talent for row in rows] == [lose, keep]
