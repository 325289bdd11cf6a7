"""The clerks' pages of a list: upload, preview, refused rows, confirm, cancel."""

import io
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Unit
from kernel.uploads import WithLength
from privacy.models import AuditEntry
from talents.imports import running, unknown_units
from talents.imports.models import ImportRun, Outcome
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
    shown = ("还没有写入", "姜婧彤", workbooks.identity(), "退回的 1 行不会导入")
    assert [w in page for w in (*shown, "every 2s")] == [True] * 4 + [False]
    refused = client.get(answer.url, {"outcome": "refuse"})
    assert [row["line"] for row in refused.context["rows"]] == [6]
    file = client.post(reverse("admin:import_refused", args=[run.pk]))
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


def test_a_file_far_too_large_gets_one_sentence(client):
    signed_in(client, "department_clerk")
    answer = upload(client, b"PK" + b"z" * (40 << 20))
    assert answer.context["form"].errors["file"] == ["文件超过 10 MB，请拆成几个文件后分别上传。"]
    assert (answer.status_code, ImportRun.objects.count()) == (422, 0)


def test_a_file_far_too_large_sent_in_chunks_gets_the_same_sentence(client):
    """Programs and some proxies send a form without its length."""
    signed_in(client, "department_clerk")
    file = SimpleUploadedFile("list.xlsx", b"PK" + b"z" * (40 << 20))
    sent = {"wsgi.input": io.BytesIO(encode_multipart(BOUNDARY, {"file": file}))}
    sent |= {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    sent |= {"PATH_INFO": reverse(ADD), "REQUEST_METHOD": "POST", "CONTENT_TYPE": MULTIPART_CONTENT}
    environ = client._base_environ(**sent)
    answer = WithLength(lambda environ, start_response: client.handler(environ))(environ, None)
    assert answer.status_code == 422
    assert "文件超过 10 MB，请拆成几个文件后分别上传。" in answer.content.decode()


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
    for name in ("confirm", "cancel", "undo", "choose", "units", "refused"):
        address = reverse(f"admin:import_{name}", args=[run.pk])
        assert client.post(address).status_code == 404
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


def previewed(client, *people):
    """A list the clerk has uploaded, previewed; with the address of its page."""
    upload(client, workbooks.form(*people).getvalue())
    run = ImportRun.objects.get()
    running.work(run.pk)
    run.refresh_from_db()
    return run, reverse("admin:talents_importrun_change", args=[run.pk])


def test_who_holds_the_file_sees_values_and_a_colleague_masks(client):
    holder = signed_in(client, "department_clerk")
    known = factories.talent(
        user=None,
        full_name="姜婧彤",
        id_number=workbooks.identity(),
        position="所长",
        phone="14000000001",
    )
    run, address = previewed(client, workbooks.person())
    changes = client.get(address).context["rows"][0]["changes"]
    assert ("职务", "所长", "研发工程师") in changes
    assert ("手机号", "140****0001", "14000008387") in changes
    assert (run.by, client.get(address).context["rows"][0]["talent"]) == (holder, known.pk)
    signed_in(client, "department_clerk")
    page = client.get(address).content.decode()
    assert "不会导入" not in page  # no row was refused, and nothing is said of refused ones
    assert [word in page for word in ("14000008387", "140****8387", "姜婧彤", "姜*彤")] == [
        False,
        True,
        False,
        True,
    ]


def test_where_rows_of_one_person_differ_the_clerk_chooses(client):
    signed_in(client, "department_clerk")
    run, address = previewed(
        client, workbooks.person(), workbooks.person(position="所长", email="b@example.cn")
    )
    row = client.get(address, {"outcome": "merge"}).context["rows"][0]
    assert [(name, first, later) for name, _label, first, later in row["differing"]] == [
        ("position", "研发工程师", "所长"),
        ("email", "a@example.cn", "b@example.cn"),
    ]
    choice = {"number": row["number"], "of-position": "later", "of-email": "first"}
    client.post(reverse("admin:import_choose", args=[run.pk]), choice)
    client.post(reverse("admin:import_confirm", args=[run.pk]))
    running.work(run.pk)
    talent = Talent.objects.get()
    assert (talent.position, talent.email) == ("所长", "a@example.cn")


def test_an_unknown_unit_is_proposed_once_and_said_once(client):
    signed_in(client, "department_clerk")
    unit = factories.unit(name="两江半导体研究所")
    people = [
        workbooks.person(name=name, id=None, phone=f"1400000000{n}")
        for n, name in enumerate(("王芳", "李敏"))
    ]
    run, address = previewed(client, *people)
    (proposal,) = client.get(address).context["units"]
    assert (proposal["name"], proposal["count"], proposal["close"]) == (
        "重庆市两江半导体研究院",
        2,
        [unit],
    )
    client.post(reverse("admin:import_units", args=[run.pk]), {"unit-0": unit.pk})
    client.post(reverse("admin:import_confirm", args=[run.pk]))
    running.work(run.pk)
    assert set(Talent.objects.values_list("unit", "unit_text")) == {(unit.pk, "")}


def test_a_page_of_changed_units_asks_the_same_for_two_rows_and_for_twelve(client):
    signed_in(client, "department_clerk")
    old, counts = factories.unit("旧单位有限公司"), []
    factories.unit("重庆市两江半导体研究院")
    for most in (2, 12):
        people = [
            {"name": f"姜婧{chr(0x4E10 + n)}", "phone": f"1400001{n:04}", "id": None}
            for n in range(most)
        ]
        for one in people:
            known = {"full_name": one["name"], "phone": one["phone"], "unit": old}
            factories.talent(user=None, source="import", birth_month=date(1990, 9, 1), **known)
        run, address = previewed(client, *(workbooks.person(**one) for one in people))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        assert ("旧单位有限公司" in page.text, run.counts[Outcome.UPDATE]) == (True, most)
        counts.append(len(queries))
        run.delete()
        Talent.objects.all().delete()
    assert counts[0] == counts[1]


def test_of_many_units_few_are_compared_letter_by_letter():
    known = [f"{chr(0x4E10 + n)}{chr(0x5E10 + n)}科技有限公司" for n in range(2000)]
    near = [f"重庆两江半导体研究{word}" for word in ("所", "中心", "总院")]
    found = unknown_units.likely(["重庆两江半导体研究院", "没有这样的"], [*known, *near])
    assert {key: set(names) for key, names in found.items()} == {
        "重庆两江半导体研究院": set(near),
        "没有这样的": set(),
    }


def two_of_an_unknown_unit(client):
    """A preview with two women of a unit nobody knows; its run and the address of its page."""
    people = [
        workbooks.person(name=name, id=None, phone=f"1400000000{n}")
        for n, name in enumerate(("王芳", "李敏"))
    ]
    return previewed(client, *people)


def test_an_unknown_unit_is_taken_up_once_for_all_its_rows(client):
    clerk = signed_in(client, "department_clerk")
    run, address = two_of_an_unknown_unit(client)
    (asked,) = client.get(address).context["units"]
    assert (asked["new_name"], asked["new_kind"]) == (
        "重庆市两江半导体研究院",
        "research_institute",
    )
    sent = {"unit-0": "new", "name-0": "两江半导体（重庆）研究院", "kind-0": "research_institute"}
    settle = reverse("admin:import_units", args=[run.pk])
    assert [client.post(settle, sent).url, client.post(settle, sent).url] == [address, address]
    unit = Unit.objects.get()
    assert (unit.name, unit.is_partner) == ("两江半导体（重庆）研究院", False)
    assert AuditEntry.objects.get(action="accounts.add_unit").actor_id == clerk.pk
    (asked,) = client.get(address).context["units"]
    assert (asked["chosen"], asked["close"][0]) == (unit.pk, unit)
    client.post(reverse("admin:import_confirm", args=[run.pk]))
    running.work(run.pk)
    assert set(Talent.objects.values_list("unit", "unit_text")) == {(unit.pk, "")}
    assert "登记的新单位会保留" in client.get(address).content.decode()
    client.post(reverse("admin:import_undo", args=[run.pk]))
    running.work(run.pk)
    assert (Talent.objects.count(), Unit.objects.get()) == (0, unit)


def test_a_new_unit_that_is_refused_leaves_what_was_typed(client):
    signed_in(client, "department_clerk")
    run, address = two_of_an_unknown_unit(client)
    settle = reverse("admin:import_units", args=[run.pk])
    answer = client.post(settle, {"unit-0": "new", "name-0": "😀", "kind-0": "bank"})
    (asked,) = answer.context["units"]
    assert (answer.status_code, asked["chosen"], asked["new_name"], asked["new_kind"]) == (
        422,
        "new",
        "😀",
        "bank",
    )
    page = answer.content.decode()
    sentence = "“😀”不像单位名称，请写单位全称，如“重庆大学”，最多 100 字。"
    assert (sentence in page, 'href="#id_name-0"' in page, Unit.objects.count()) == (True, True, 0)
    assert client.get(settle).url == address


def test_a_clerk_who_may_not_add_units_is_refused(client):
    clerk = signed_in(client, "department_clerk")
    run, _address = two_of_an_unknown_unit(client)
    permission = Permission.objects.get(codename="add_unit", content_type__app_label="accounts")
    clerk.groups.get().permissions.remove(permission)
    answer = client.post(
        reverse("admin:import_units", args=[run.pk]),
        {"unit-0": "new", "name-0": "两江研究院", "kind-0": "bank"},
    )
    assert (answer.status_code, Unit.objects.count()) == (422, 0)


def test_rows_are_searched_and_jumped_to(client):
    signed_in(client, "department_clerk")
    people = [
        workbooks.person(name="王" + chr(0x4E10 + n), id=None, phone=f"140000{n:05d}", birth=None)
        for n in range(60)
    ]
    _run, address = previewed(client, *people)
    found = client.post(address, {"q": "140 000 00042"}).context["rows"]
    assert [row["line"] for row in found] == [47]
    assert [r["line"] for r in client.post(address, {"q": "60"}).context["rows"]] == list(
        range(55, 65)
    )
    assert client.post(address, {"q": "没有"}).context["rows"] == []


def test_what_is_searched_for_stands_in_no_address(client):
    """Addresses are logged and sent along; a number is somebody's."""
    signed_in(client, "department_clerk")
    people = [
        workbooks.person(name="王" + chr(0x4E10 + n), id=None, phone=f"140000{n:05d}", birth=None)
        for n in range(60)
    ]
    _run, address = previewed(client, *people)
    first = client.post(address, {"q": "1400000"})
    assert (len(first.context["rows"]), "q=" in first.content.decode()) == (50, False)
    second = client.post(address, {"q": "1400000", "page": "2"})
    assert (len(second.context["rows"]), second.context["query"]) == (10, "1400000")
    assert len(client.get(address, {"q": "14000000042"}).context["rows"]) == 50  # not searched
    assert "page=2" in client.get(address).content.decode()


def test_rows_are_found_by_what_they_took_over_from_others(client):
    signed_in(client, "department_clerk")
    gap = workbooks.person(phone=None, email="a@example.cn")
    run, address = previewed(client, gap, workbooks.person(email="b@example.cn"))

    def found(query):
        return [row["number"] for row in client.post(address, {"q": query}).context["rows"]]

    assert (found("14000008387"), found("B@EXAMPLE"), found("半导体")) == ([1, 2], [2], [1, 2])
    client.post(reverse("admin:import_choose", args=[run.pk]), {"number": 2, "of-email": "later"})
    assert (found("a@example"), found("b@example")) == ([], [1, 2])


def test_a_confirmed_list_is_undone_while_nothing_depends_on_it(client):
    signed_in(client, "department_clerk")
    known = factories.talent(
        user=None, full_name="姜婧彤", id_number=workbooks.identity(), position="所长"
    )
    before = (known.position, known.email, known.phone, known.unit_text, known.degree)
    run, address = previewed(
        client,
        workbooks.person(),
        workbooks.person(name="毛静洁", id=workbooks.identity(order="002"), phone="14000000009"),
    )
    client.post(reverse("admin:import_confirm", args=[run.pk]))
    running.work(run.pk)
    assert (Talent.objects.count(), "确认撤销" in client.get(address).content.decode()) == (2, True)
    client.post(reverse("admin:import_undo", args=[run.pk]))
    running.work(run.pk)
    known.refresh_from_db()
    assert (known.position, known.email, known.phone, known.unit_text, known.degree) == before
    assert Talent.objects.count() == 1
    assert "新增的 1 份档案已删除。" in client.get(address).content.decode()


def test_a_list_something_depends_on_is_not_undone_and_says_on_what(client):
    signed_in(client, "department_clerk")
    run, address = previewed(client, workbooks.person())
    client.post(reverse("admin:import_confirm", args=[run.pk]))
    running.work(run.pk)
    Talent.objects.update(user=factories.user("姜婧彤"))
    client.post(reverse("admin:import_undo", args=[run.pk]))
    page = client.get(address).content.decode()
    assert ("姜婧彤：本人已认领" in page, "确认撤销" in page) == (True, False)
    run.refresh_from_db()
    assert (run.state, Talent.objects.count()) == ("done", 1)
