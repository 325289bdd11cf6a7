"""A record stays current: asked once a year and after a change of jobs, confirmed with one tap."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kernel.days import months_after
from kernel.errors import DomainError
from notices.models import Delivery, Notice
from privacy.models import AuditEntry
from talents import operations, reports
from talents.career import confirming, sources
from talents.exports import operations as exports
from talents.imports import operations as imports
from talents.imports import running
from talents.models import Proposal, Talent
from talents.operations import propose_by_unit
from tests import factories
from tests.factories import NOW
from tests.reports.exact import exact
from tests.talents.imports import workbooks
from tests.talents.test_operations import submitted

pytestmark = pytest.mark.django_db

YEAR_LATER = date(2027, 11, 23)


def due(**fields):
    """Return a record that fell due a week ago."""
    return factories.talent(confirm_from=NOW - timedelta(days=7), **fields)


def asked():
    """Return the people who were asked, as often as they were."""
    return list(
        Notice.objects.filter(kind="talents.confirm_due").values_list("recipient", flat=True)
    )


def next_day(talent):
    """Return the date on which it is asked about again."""
    talent.refresh_from_db()
    return timezone.localdate(talent.confirm_from)


def test_handing_in_and_verifying_start_the_year():
    talent = submitted()
    assert (talent.confirmed_by, next_day(talent)) == ("self", YEAR_LATER)
    operations.verify(talent=talent, tier="", by=None, now=NOW)
    assert next_day(talent) == YEAR_LATER
    assert months_after(date(2026, 11, 23), 12) == YEAR_LATER


def test_confirmed_with_one_tap_and_only_once_a_day():
    talent = due()
    entry = talent.career.create(
        kind="language",
        name="英语",
        source="self",
        confirmed_at=NOW - timedelta(days=400),
        created_at=NOW,
        updated_at=NOW,
    )
    for _time in range(2):
        confirming.confirm(talent=talent, by=talent.user, now=NOW)
    entry.refresh_from_db()
    assert (next_day(talent), entry.confirmed_at) == (YEAR_LATER, NOW)
    assert AuditEntry.objects.filter(action="talents.confirm").count() == 1
    assert talent.snapshots.count() == 1


@pytest.mark.parametrize(("state", "code"), [("draft", "not_verified"), ("left", "left_database")])
def test_what_is_not_in_the_database_is_not_confirmed(state, code):
    talent = factories.talent(state=state)
    with pytest.raises(DomainError) as error:
        confirming.confirm(talent=talent, by=talent.user, now=NOW)
    assert error.value.code == code


def test_each_is_asked_once_however_often_the_clock_strikes():
    talent = due()
    due(user=None)
    due(moved_away_on=date(2026, 1, 1))
    factories.talent(confirm_from=NOW - timedelta(days=1))
    assert [confirming.ask_due(now=NOW) for _time in range(3)] == [1, 0, 0]
    assert asked() == [talent.user_id]
    confirming.confirm(talent=talent, by=talent.user, now=NOW)
    later = NOW + timedelta(days=370)
    assert confirming.ask_due(now=later) == 2
    assert asked().count(talent.user_id) == 2


def test_more_than_one_chunk_is_asked():
    people = [due() for _number in range(confirming.CHUNK + 1)]
    assert confirming.ask_due(now=NOW) == len(people)
    assert sorted(asked()) == sorted(talent.user_id for talent in people)


def test_who_did_not_agree_to_messages_gets_no_sms():
    silent, told = due(), due()
    factories.consent(told.user, "messages")
    confirming.ask_due(now=NOW)
    people = Delivery.objects.values_list("notice__recipient", flat=True)
    assert list(people) == [told.user_id]
    assert sorted(asked()) == [silent.user_id, told.user_id]


def test_a_change_of_jobs_is_asked_about_at_once():
    talent = factories.talent(unit_text="重庆旧示例公司", confirm_from=NOW + timedelta(days=200))
    values = {"unit": None, "unit_text": "重庆新示例公司"}
    operations.save_step(user=talent.user, step=2, values=values, by=talent.user, now=NOW)
    talent.refresh_from_db()
    assert confirming.is_due(talent, NOW)


def test_every_write_path_says_who_said_it():
    talent = factories.talent(
        source="import", position="工程师", created_at=NOW - timedelta(days=90)
    )
    operations.save_step(
        user=talent.user, step=2, values={"position": "主任"}, by=talent.user, now=NOW
    )
    operations.correct(
        talent=talent, changes={"education_level": "11"}, reason="按学位证书更正", by=None, now=NOW
    )
    talent.refresh_from_db()
    words = [sources.words_of(talent, n) for n in ("position", "education_level", "industry")]
    assert words == [
        "本人填写，2026年11月确认",
        "工作人员填写，2026年11月确认",
        "单位报送，2026年8月确认",
    ]


def test_a_list_stands_for_its_people_until_they_have_claimed_their_records():
    clerk = factories.staff("department_clerk")

    def bring_in(now, **cells):
        data = workbooks.form(workbooks.person(**cells)).getvalue()
        run = imports.upload(
            file_name="a.xlsx", data=data, department=clerk.department, by=clerk, now=now
        )
        running.work(run.pk, clock=lambda: now)
        run.refresh_from_db()
        imports.confirm(run=run, by=clerk, now=now)
        running.work(run.pk, clock=lambda: now)
        return Talent.objects.get()

    talent = bring_in(NOW - timedelta(days=400))
    assert sources.words_of(talent, "position") == "单位报送，2025年10月确认"
    talent = bring_in(NOW - timedelta(days=30))
    assert (talent.confirmed_by, talent.confirmed_at) == ("import", NOW - timedelta(days=30))
    talent = bring_in(NOW, position="所长")
    assert (talent.facts["position"], talent.confirmed_at) == (["import", "2026-11-23"], NOW)
    assert [s.position for s in talent.snapshots.order_by("pk")][-1] == "所长"


def test_a_list_confirms_a_claimed_record_and_proposes_what_it_says_otherwise():
    """What she wrote stays: the same is confirmed by her unit, another position is a clerk's to decide."""
    clerk, unit = factories.staff("department_clerk"), factories.unit("重庆市两江半导体研究院")
    same = {"unit": unit, "professional_title": "高级工程师", "title_level": "associate_senior"}
    same |= {"birth_month": date(1990, 9, 1), "confirmed_at": NOW - timedelta(days=300)}
    agreeing = factories.talent(
        full_name="周相同", phone="14000007001", position="研发工程师", **same
    )
    other = factories.talent(full_name="吴不同", phone="14000007002", position="所长", **same)
    data = workbooks.form(
        workbooks.person(name="周相同", phone="14000007001", id=None),
        workbooks.person(name="吴不同", phone="14000007002", id=None),
    ).getvalue()
    run = imports.upload(
        file_name="a.xlsx", data=data, department=clerk.department, by=clerk, now=NOW
    )
    running.work(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    imports.confirm(run=run, by=clerk, now=NOW)
    running.work(run.pk, clock=lambda: NOW)
    for talent in (agreeing, other):
        talent.refresh_from_db()
    assert (agreeing.confirmed_by, agreeing.confirmed_at) == ("unit", NOW)
    assert (other.confirmed_by, other.confirmed_at) == ("", NOW - timedelta(days=300))
    assert other.position == "所长"
    (proposal,) = Proposal.objects.all()
    assert (proposal.talent, proposal.unit, proposal.rows) == (
        other,
        unit,
        [("职务", "所长", "研发工程师")],
    )
    since = propose_by_unit(
        talent=other,
        unit_id=factories.unit().pk,
        values={"position": "主任"},
        now=NOW + timedelta(seconds=30),
    )
    later = NOW + timedelta(minutes=1)
    run.refresh_from_db()
    imports.undo(run=run, by=clerk, now=later)
    running.work(run.pk, clock=lambda: later)
    for one in (proposal, since):
        one.refresh_from_db()
    # What another unit has said since is not the list's to take back.
    assert (proposal.state, since.state) == ("withdrawn", "waiting")
    taken_back = AuditEntry.objects.get(action="talents.withdraw_change")
    assert (taken_back.object_id, taken_back.actor_id, taken_back.detail) == (
        str(other.pk),
        clerk.pk,
        {"run": run.pk},
    )


def test_a_table_taken_out_for_a_unit_confirms_its_people_when_it_comes_back(client):
    unit, clerk = factories.unit("重庆市两江半导体研究院"), factories.staff("department_clerk")
    same = {"unit": unit, "birth_month": date(1990, 9, 1), "position": "工程师"}
    right, moved, silent = (factories.talent(full_name=n, **same) for n in ("王一", "李二", "赵三"))
    for talent in (right, moved):
        factories.consent(talent.user, "unit_sharing")
    client.force_login(clerk)
    page = client.get(reverse("admin:talents_talent_changelist"), {"state__exact": "shared"})
    rows = page.context["cl"].queryset.order_by("pk")
    assert [*rows] == [right, moved]
    columns = ["full_name", "birth_month", "unit_name", "position", "professional_title"]
    why = {"by": clerk, "now": NOW, "reason": "请单位核对本单位人员"}
    book = openpyxl.load_workbook(
        io.BytesIO(exports.export_list(rows=rows, columns=columns, **why))
    )
    head = [cell.value for cell in book.active[2]]
    book.active.cell(4, head.index("职务") + 1).value = "所长"
    answer = io.BytesIO()
    book.save(answer)
    run = imports.upload(
        file_name="a.xlsx",
        data=answer.getvalue(),
        department=clerk.department,
        by=clerk,
        now=NOW,
    )
    running.work(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    imports.confirm(run=run, by=clerk, now=NOW)
    running.work(run.pk, clock=lambda: NOW)
    for talent in (right, moved, silent):
        talent.refresh_from_db()
    assert (right.confirmed_by, right.confirmed_at, moved.position) == ("unit", NOW, "工程师")
    assert silent.confirmed_by != "unit"
    proposal = Proposal.objects.waiting().get()
    assert (proposal.talent, proposal.unit) == (moved, unit)


def statements_of_a_list(unit, names):
    """Let a list say another position of these claimed records; returns how many statements writing it took."""
    clerk = factories.staff("department_clerk")
    same = {"unit": unit, "birth_month": date(1990, 9, 1)}
    same |= {"professional_title": "高级工程师", "title_level": "associate_senior"}
    people = [
        factories.talent(full_name=name, phone=f"1400{ord(name[0]):07d}", position="所长", **same)
        for name in names
    ]
    form = workbooks.form(
        *[workbooks.person(name=p.full_name, phone=p.phone, id=None) for p in people]
    )
    run = imports.upload(
        file_name="a.xlsx", data=form.getvalue(), department=clerk.department, by=clerk, now=NOW
    )
    running.work(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    imports.confirm(run=run, by=clerk, now=NOW)
    with CaptureQueriesContext(connection) as statements:
        running.work(run.pk, clock=lambda: NOW)
    return len(statements)


def test_what_a_list_proposes_costs_the_same_however_many_it_speaks_of():
    unit = factories.unit("重庆市两江半导体研究院")
    statements_of_a_list(unit, ["李一"])  # what is remembered from the first on
    one = statements_of_a_list(unit, ["周一"])
    assert statements_of_a_list(unit, ["吴一", "郑一", "王一"]) == one
    assert Proposal.objects.waiting().count() == 5


def test_a_clerk_and_the_report_see_what_is_due(client):
    stale = due(full_name="陈旧事")
    factories.talent(full_name="新近人", confirm_from=NOW + timedelta(days=300), confirmed_at=NOW)
    client.force_login(factories.staff("department_clerk"))
    page = client.get(reverse("admin:talents_talent_changelist"), {"confirmation": "due"})
    assert ("陈旧事" in page.text, "新近人" in page.text) == (True, False)
    dossier = client.get(reverse("admin:talents_talent_change", args=[stale.pk]))
    assert "下次确认" in dossier.text
    start, end = NOW.replace(day=1), NOW + timedelta(days=8)
    figures = exact(reports.monthly(start, end))
    assert (figures["stale"], figures["confirmed"]) == (1, 1)


# --- her pages -------------------------------------------------------------------------------------
def test_the_page_says_what_is_known_and_from_whom(client):
    talent = due(position="高级主管", title_level="senior")
    client.force_login(talent.user)
    assert "开始核对" in client.get(reverse("dashboard")).text
    page = client.get(reverse("profile_confirm")).text
    assert "高级主管" in page
    assert "本人填写，2026年11月确认" in page
    assert client.post(reverse("profile_confirm")).url == reverse("dashboard")
    assert "开始核对" not in client.get(reverse("dashboard")).text
    talent.refresh_from_db()
    assert talent.confirmed_by == "self"


def test_what_is_mended_on_the_way_leads_back_to_the_page(client):
    talent = submitted()
    operations.verify(talent=talent, tier="", by=None, now=NOW)
    Talent.objects.update(confirm_from=NOW - timedelta(days=7))
    client.force_login(talent.user)
    assert "回到核对" in client.get(reverse("career")).text
    step = reverse("profile_step", kwargs={"step": 2})
    sent = {"unit_name": "重庆礼嘉医院", "professional_title": "主任医师"}
    assert client.post(step, sent).url == reverse("profile_confirm")
    client.post(reverse("profile_confirm"))
    assert "回到核对" not in client.get(reverse("career")).text
    assert client.post(step, sent).url == reverse("profile")


def test_who_is_not_verified_is_told_why(client):
    talent = submitted()
    client.force_login(talent.user)
    page = client.get(reverse("profile_confirm")).text
    assert ("入库以后才需要" in page, "仍然准确" in page) == (True, False)
    assert client.post(reverse("profile_confirm")).url == reverse("profile_confirm")


def test_whoever_is_to_be_asked_next_is_found_by_an_index():
    """Of a large table: those who were asked and never answered are not read each time."""
    due()
    next_ones = confirming._to_ask(NOW).filter(user__isnull=False).order_by("confirm_from", "pk")
    with connection.cursor() as cursor:
        # A table of one row is read in any way; of a large one sorting costs more than this index in order.
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        # In a small table it is as dear to read all who are due by this one, which serves another question.
        cursor.execute("DROP INDEX talent_confirm")
    plan = next_ones[:200].explain()
    assert ("talent_to_ask" in plan, "Seq Scan" in plan, "Sort" in plan) == (True, False, False)
