"""The clerks' pages of a list: upload, preview, refused rows, confirm, cancel."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from talents.imports import running
from talents.imports.models import ImportRun
from talents.models import Talent
from tests import factories
from tests.talents.imports import workbooks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    """Staff enter with a password alone; the second factor has tests of its own."""
    settings.STAFF_SECOND_FACTOR = False


def signed_in(client, *roles, **fields):
    """A member of staff, signed in."""
    person = factories.staff(*roles, **fields)
    client.force_login(person)
    return person


ADD = "admin:talents_importrun_add"


def upload(client, data, name="名单.xlsx"):
    """Upload a file."""
    return client.post(reverse(ADD), {"file": SimpleUploadedFile(name, data)})


def test_a_list_goes_its_way(client):
    clerk = signed_in(client, "department_clerk")
    data = workbooks.form(workbooks.person(), workbooks.person(name=None, id=None)).getvalue()
    answer = upload(client, data)
    run = ImportRun.objects.get()
    assert (answer.url, run.by, run.department) == (
        reverse("admin:talents_importrun_change", args=[run.pk]),
        clerk,
        clerk.department,
    )
    page = client.get(answer.url).content.decode()
    assert ('hx-trigger="every 2s"' in page, 'http-equiv="refresh"' in page) == (True, True)
    running.work(run.pk)
    page = client.get(answer.url).content.decode()
    assert [
        w in page for w in ("还没有写入", "姜*彤", "姜婧彤", "every 2s", workbooks.identity())
    ] == [
        True,
        True,
        False,
        False,
        False,
    ]
    refused = client.get(answer.url, {"outcome": "refuse"})
    assert [row["number"] for row in refused.context["rows"]] == [6]
    file = client.get(reverse("admin:import_refused", args=[run.pk]))
    assert file.content[:2] == b"PK"
    confirm = reverse("admin:import_confirm", args=[run.pk])
    assert client.get(confirm).status_code == 405
    assert Talent.objects.count() == 0
    assert client.post(confirm).url == answer.url
    assert client.post(confirm).url == answer.url
    running.work(run.pk)
    assert Talent.objects.get().verified_by == clerk
    assert "导入完成：新增 1 人" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的，请选择填好的采集表。"),
        (
            b"%PDF-1.7",
            "这不是 .xlsx、.xls 或 .csv 表格（只改后缀名不算）。请选择单位填好的采集表原件再上传。",
        ),
    ],
)
def test_a_wrong_file_gets_one_sentence(client, data, sentence):
    signed_in(client, "department_clerk")
    answer = upload(client, data)
    assert (answer.status_code, answer.context["form"].errors["file"]) == (422, [sentence])
    assert ImportRun.objects.count() == 0


def test_a_list_is_cancelled(client):
    signed_in(client, "department_clerk")
    upload(client, workbooks.form(workbooks.person()).getvalue())
    run = ImportRun.objects.get()
    running.work(run.pk)
    client.post(reverse("admin:import_cancel", args=[run.pk]))
    run.refresh_from_db()
    assert (run.state, Talent.objects.count()) == ("cancelled", 0)


def test_another_departments_clerk_does_not_reach_a_list(client):
    signed_in(client, "department_clerk")
    upload(client, workbooks.form(workbooks.person()).getvalue())
    run = ImportRun.objects.get()
    running.work(run.pk)
    signed_in(client, "department_clerk", department_code="trade_union")
    assert (
        list(client.get(reverse("admin:talents_importrun_changelist")).context["cl"].result_list)
        == []
    )
    assert client.get(reverse("admin:talents_importrun_change", args=[run.pk])).status_code == 404
    for name in ("confirm", "cancel"):
        address = reverse(f"admin:import_{name}", args=[run.pk])
        assert client.post(address).status_code == 404
    assert client.get(reverse("admin:import_refused", args=[run.pk])).status_code == 404
    run.refresh_from_db()
    assert run.state == "ready"


def test_the_empty_form_can_be_downloaded(client):
    signed_in(client, "department_clerk")
    answer = client.get(reverse("admin:import_template"))
    assert answer.content[:2] == b"PK"


def test_nobody_without_the_right_sees_lists(client):
    signed_in(client, "points_clerk")
    for name in ("talents_importrun_changelist", "talents_importrun_add", "import_template"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403


def test_who_sees_all_departments_says_whose_list_it_is(client):
    signed_in(client, is_superuser=True)
    data = workbooks.form(workbooks.person()).getvalue()
    answer = upload(client, data)
    assert (answer.status_code, answer.context["form"].errors["department"]) == (
        422,
        ["请选择所属部门。"],
    )
    union = factories.department("trade_union")
    file = SimpleUploadedFile("名单.xlsx", data)
    client.post(reverse(ADD), {"file": file, "department": union.pk})
    assert ImportRun.objects.get().department == union
