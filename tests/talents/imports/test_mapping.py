"""Columns nothing knows: asked once per form, remembered for the department, changed and forgotten."""

import io
from functools import partial

import openpyxl
import pytest
from django.urls import reverse

from kernel.errors import Conflict, Invalid
from privacy.models import AuditEntry
from talents.erasure import operations as erasure
from talents.imports import mapping, operations, rows, running
from talents.imports.models import ColumnMapping, ImportFile, ImportState
from talents.models import Talent
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HEAD = ("姓名", "手机", "在哪儿上班", "干什么的", "工号")


def sheet(*people, head=HEAD):
    book = openpyxl.Workbook()
    for row in (head, *people):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORM = sheet(
    ("姜婧彤", "14000008387", "两江半导体研究院", "研发工程师", "A-7"),
    ("冉璐", "14000008388", "两江示例医院", "医师", "A-8"),
)


def previewed(data=FORM, department=None, by=None):
    department = department or factories.department()
    sent = {"file_name": "名单.xlsx", "data": data, "department": department}
    return worked(operations.upload(**sent, by=by, now=NOW))


def worked(run):
    running.work(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    assert run.state == ImportState.READY
    return run


SAID = {"在哪儿上班": "unit_name", "干什么的": "position", "工号": ""}


def say(run, by=None, **changes):
    operations.map_columns(run=run, fields=SAID | changes, by=by, now=NOW)
    run.refresh_from_db()
    assert run.state == ImportState.UPLOADED
    return worked(run)


def values(run, name):
    return [rows.unpack(record, run).values[name] for record in run.rows.order_by("number")]


def test_what_nothing_knows_is_asked_with_samples_and_not_taken_over():
    run = previewed()
    assert mapping.unknown(run) == [
        ["在哪儿上班", "在哪儿上班", ["两江半导体研究院", "两江示例医院"]],
        ["干什么的", "干什么的", ["研发工程师", "医师"]],
        ["工号", "工号", ["A-7", "A-8"]],
    ]
    assert run.columns_said == {}
    assert values(run, "unit_name") == ["", ""]


def test_samples_are_stored_encrypted():
    run = previewed()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unknown_columns::text FROM talents_importrun WHERE id = %s", [run.pk]
        )
        assert "研发工程师" not in cursor.fetchone()[0]


def test_what_was_said_is_read_and_written():
    run = say(previewed())
    assert values(run, "unit_name") == ["两江半导体研究院", "两江示例医院"]
    assert values(run, "position") == ["研发工程师", "医师"]
    operations.confirm(run=run, by=None, now=NOW)
    running.work(run.pk, clock=lambda: NOW)
    assert list(Talent.objects.order_by("pk").values_list("position", flat=True)) == [
        "研发工程师",
        "医师",
    ]
    assert ImportFile.objects.count() == 0


def test_the_same_form_is_read_so_by_itself_next_time_in_this_department_alone():
    say(previewed())
    later = sheet(("唐敏", "14000008389", "两江示例大学", "教师", "B-1"))
    assert values(previewed(later), "position") == ["教师"]
    elsewhere = previewed(later, factories.department("trade_union"))
    assert values(elsewhere, "position") == [""]
    other = sheet(("唐敏", "14000008389", "教师"), head=("姓名", "手机", "干什么的"))
    assert values(previewed(other), "position") == [""]


def test_it_can_be_changed_and_forgotten():
    run = say(previewed())
    run = say(run, 干什么的="", 工号="position")
    assert values(run, "position") == ["A-7", "A-8"]
    operations.forget_columns(run=run, by=None, now=NOW)
    run.refresh_from_db()
    run = worked(run)
    assert values(run, "position") == ["", ""]
    assert ColumnMapping.objects.count() == 0
    verbs = AuditEntry.objects.filter(action__endswith="_import_columns").order_by("pk")
    assert list(verbs.values_list("action", flat=True)) == [
        "talents.map_import_columns",
        "talents.map_import_columns",
        "talents.forget_import_columns",
    ]


def test_saying_the_same_again_reads_nothing_again():
    run = say(previewed())
    operations.map_columns(run=run, fields=SAID, by=None, now=NOW)
    run.refresh_from_db()
    assert run.state == ImportState.READY


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"工号": "position"}, "column_twice"),
        ({"工号": "phone"}, "no_such_column"),
        ({"工号": "tier"}, "no_such_column"),
        ({"没有": "honours"}, "no_such_column"),
    ],
)
def test_what_cannot_be_is_refused(changes, code):
    run = previewed()
    with pytest.raises(Invalid) as refusal:
        operations.map_columns(run=run, fields=SAID | changes, by=None, now=NOW)
    assert refusal.value.code == code
    assert ColumnMapping.objects.count() == 0


def test_a_run_that_was_confirmed_or_cancelled_is_read_no_more():
    run = previewed()
    operations.cancel(run=run, by=None, now=NOW)
    assert ImportFile.objects.count() == 0
    with pytest.raises(Conflict):
        operations.map_columns(run=run, fields=SAID, by=None, now=NOW)


def test_the_clerk_is_asked_on_the_page_and_told_the_next_time(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    clerk = factories.staff("department_clerk")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    run = previewed(department=clerk.department, by=clerk)
    address = reverse("admin:talents_importrun_change", args=[run.pk])
    page = client.get(address).content.decode()
    assert "有 3 列不认识，请说明是什么" in page
    assert "研发工程师、医师" in page
    sent = {"column-0": "unit_name", "column-1": "position", "column-2": ""}
    client.post(reverse("admin:import_columns", args=[run.pk]), sent)
    run = worked(run)
    assert run.columns_said == SAID
    page = client.get(address).content.decode()
    assert "按本部门记住的对应关系读取了这些列：在哪儿上班、干什么的。" in page
    client.post(reverse("admin:import_columns", args=[run.pk]), {"forget": "1"})
    assert worked(run).columns_said == {}


# --- a form whose names stand under a word nothing knows ------------------------------------------
NAMELESS = ("女同志", "手机", "工作单位", "干什么的")
WOMEN = (
    ("姜婧彤", "14000008387", "两江半导体研究院", "研发工程师"),
    ("冉璐", "14000008388", "两江示例医院", "医师"),
)


def test_a_form_without_a_column_of_names_is_asked_which_it_is():
    run = previewed(sheet(*WOMEN, head=NAMELESS))
    assert mapping.unknown(run)[0] == ["女同志", "女同志", ["姜婧彤", "冉璐"]]
    assert (run.total, run.refused_count) == (2, 2)
    assert run.notes[0][1] == "name_unknown"
    operations.map_columns(run=run, fields={"女同志": "full_name"}, by=None, now=NOW)
    run = worked(again(run))
    assert values(run, "full_name") == ["姜婧彤", "冉璐"]
    assert (run.created_count, run.refused_count) == (2, 0)
    operations.confirm(run=run, by=None, now=NOW)
    running.work(run.pk, clock=lambda: NOW)
    assert sorted(Talent.objects.values_list("full_name", flat=True)) == ["冉璐", "姜婧彤"]


def test_the_name_column_is_remembered_whatever_stands_above_it():
    head = ("填报单位：两江医院",), ("女同志(NAME)", "手机", "工作单位", "职务")
    first = previewed(sheet(head[1], *WOMEN, head=head[0]))
    operations.map_columns(
        run=first, fields={mapping.unknown(first)[0][0]: "full_name"}, by=None, now=NOW
    )
    assert values(worked(again(first)), "full_name") == ["姜婧彤", "冉璐"]
    later = previewed(sheet(head[1], ("唐敏", "14000008389", "两江大学", "教师"), head=head[0]))
    assert (values(later, "full_name"), later.created_count) == (["唐敏"], 1)
    operations.forget_columns(run=later, by=None, now=NOW)
    assert worked(again(later)).refused_count == 1


def test_a_form_with_nothing_that_could_be_a_name_is_refused():
    run = operations.upload(
        file_name="名单.xlsx",
        data=sheet(("14000008387", "两江医院", "医师"), head=("手机", "工作单位", "职务")),
        department=factories.department(),
        by=None,
        now=NOW,
    )
    running.work(run.pk, clock=lambda: NOW)
    assert (again(run).state, again(run).failure[1]) == ("failed", "missing_column")


def again(run):
    return type(run).objects.get(pk=run.pk)


LIVED = sheet(
    ("姜婧彤", "14000008387", "两江半导体研究院", "研发工程师", "白露路7号"),
    ("冉璐", "14000008388", "两江示例医院", "医师", "寒露路8号"),
)


def erased_person():
    """Erase the woman of the first row."""
    her = factories.talent(
        full_name="姜婧彤", user=factories.user(phone="14000008387"), phone="14000008387"
    )
    erasure.ask_erasure(user=her.user, by=her.user, now=NOW)
    erasure.erase_due(now=NOW + erasure.COOLING)


def test_a_form_that_waits_for_its_columns_does_not_bring_back_who_was_erased():
    run = say(previewed(LIVED))
    erased_person()
    run = again(run)
    assert (ImportFile.objects.count(), run.unknown_columns) == (0, None)
    for act in (
        partial(operations.map_columns, fields=SAID | {"工号": "remark"}),
        operations.forget_columns,
    ):
        with pytest.raises(Conflict) as refused:
            act(run=run, by=None, now=NOW)
        assert refused.value.code == "file_gone"
    operations.confirm(run=run, by=None, now=NOW)
    running.work(run.pk, clock=lambda: NOW)
    assert list(Talent.objects.exclude(state="erased").values_list("full_name", flat=True)) == [
        "冉璐"
    ]


def test_a_form_whose_names_nobody_knows_yet_goes_with_every_erasure():
    run = previewed(sheet(*WOMEN, head=("女同志(NAME)", "手机", "工作单位", "职务")))
    assert mapping.is_nameless(run)
    erased_person()
    assert ImportFile.objects.count() == 0


def test_another_list_keeps_its_file():
    run = previewed(sheet(("冉璐", "14000008388", "两江示例医院", "医师", "寒露路8号")))
    erased_person()
    assert (ImportFile.objects.count(), again(run).unknown_columns is None) == (1, False)


@pytest.mark.parametrize("act", [operations.confirm, operations.cancel])
def test_samples_go_with_the_file(act):
    run = previewed(LIVED)
    assert mapping.unknown(run) != []
    assert act(run=run, by=None, now=NOW).unknown_columns is None
    assert again(run).unknown_columns is None
