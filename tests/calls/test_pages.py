"""The same from outside: her pages, a stranger's, the clerk's from draft to results."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from calls import operations
from calls.models import Application, Call
from tests import factories
from tests.calls import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def clerk(settings):
    settings.STAFF_SECOND_FACTOR = False
    return factories.staff("department_clerk")


def test_she_applies_saves_unfinished_and_hands_in(client, now):
    call, woman = make.call(now), factories.talent(unit=factories.unit("重庆云岭研究院"))
    assert "登录后申报" in client.get(f"/calls/{call.code}/").content.decode()
    client.force_login(woman.user)
    page = client.post(f"/calls/{call.code}/", follow=True)
    mine = Application.objects.get()
    assert "重庆云岭研究院" in page.content.decode()
    here = mine.get_absolute_url()
    unit, deeds, sort = (line.key for line in call.fields.all())
    typed = {unit: "重庆云岭研究院", deeds: "", sort: "科研"}
    part = client.post(here, typed, headers={"HX-Request": "true"}).content.decode()
    assert (f'href="#id_{deeds}"' in part, f'href="#id_{unit}"' in part) == (True, False)
    refused = client.post(here, typed | {deeds: "长" * 23, "submit": "1"})
    assert (refused.status_code, "最多 20 个字，多了 3 个。" in refused.content.decode()) == (
        422,
        True,
    )
    assert operations.applying.answers_of(mine)[call.fields.get(label="主要事迹").pk] == "长" * 23
    client.post(here, typed | {deeds: "攻关三年", "submit": "1"})
    mine.refresh_from_db()
    assert (mine.state, mine.number) == ("submitted", 1)
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert client.get(f"{here}file.{kind}").content.startswith(start)
    client.post(f"{here}withdraw/")
    mine.refresh_from_db()
    assert mine.state == "withdrawn"
    assert "接着填写，重新提交" in client.get(here).content.decode()


def test_another_woman_and_another_department_find_nothing_of_it(client, now, settings):
    settings.STAFF_SECOND_FACTOR = False
    mine = make.handed_in(now=now)
    client.force_login(factories.talent().user)
    assert client.get(mine.get_absolute_url()).status_code == 404
    client.force_login(factories.staff("department_clerk", department_code="science_innovation"))
    assert client.get(f"/admin/calls/application/{mine.pk}/change/").status_code != 200
    assert client.get(f"/calls/{make.draft(now).code}/preview/").status_code == 404


def test_what_is_begun_and_not_handed_in_is_hers_alone(client, now, clerk):
    begun = make.begun(now=now)
    assert Application.objects.visible_to(clerk).filter(pk=begun.pk).exists() is False


def test_a_draft_has_no_page_and_a_cancelled_call_says_why(client, now):
    assert client.get(f"/calls/{make.draft(now).code}/").status_code == 404
    call = make.call(now)
    operations.cancel_call(call=call, reason="改到明年举行", by=None, now=now)
    assert "改到明年举行" in client.get(f"/calls/{call.code}/").content.decode()


@pytest.mark.parametrize("path", ["/calls/", "/calls/mine/"])
def test_lists_ask_as_often_for_three_as_for_one(client, now, path, django_assert_num_queries):
    woman = factories.talent()
    client.force_login(woman.user)
    make.begun(make.call(now), woman, now)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for _more in range(2):
        make.begun(make.call(now), woman, now)
    with django_assert_num_queries(len(one)):
        client.get(path)


def test_a_clerk_goes_from_draft_to_results(client, now, clerk):
    client.force_login(clerk)
    day = (now - timedelta(days=30)).date()
    form = {
        "title": "返岗基金",
        "title_en": "",
        "kind": "fund",
        "measure": "8",
        "text": "返岗一年以内。",
        "text_en": "",
        "contact": "",
        "opens_at_0": f"{day:%Y-%m-%d}",
        "opens_at_1": "09:00",
        "closes_at_0": f"{now + timedelta(days=9):%Y-%m-%d}",
        "closes_at_1": "18:00",
        "sources": ["self"],
        "subjects": ["person"],
        "leaders_by": "call",
        "places": "1",
        "unit_quota": "",
        "stages": ["acceptance", "decision"],
    }
    add = "/admin/calls/call/add/"
    assert client.post(add, form | {"unit_quota": "2"}).status_code == 200
    assert client.post(add, form).status_code == 302
    call = Call.objects.get()
    here = f"/admin/calls/call/{call.pk}/"
    line = {"kind": "text", "label": "主要事迹", "limit": "200", "required": "on"}
    assert client.post(f"{here}fields/add/", line).status_code == 302
    assert "主要事迹" in client.get(f"{here}fields/").content.decode()
    assert "主要事迹" in client.get(f"/calls/{call.code}/preview/").content.decode()
    assert client.post(f"{here}publish/").status_code == 302
    page = client.get(f"{here}change/")
    assert (page.status_code, "部门受理 → 公布结果" in page.content.decode()) == (200, True)
    said = strip_tags(page.content.decode()).split()  # in words, never as they are stored
    assert [word in said for word in ("本人自荐", "个人", "self")] == [True, True, False]
    mine = make.handed_in(call, now=now)
    row = f"/admin/calls/application/{mine.pk}/"
    shown = client.get(f"{row}change/").content.decode()
    assert ("在一线攻关三年" in shown, mine.number_text in shown) == (True, True)
    due = {"due_at_0": f"{now + timedelta(days=12):%Y-%m-%d}", "due_at_1": "18:00"}
    key = call.fields.get().key
    assert client.post(f"{row}return/", due).status_code == 422
    assert client.post(f"{row}return/", due | {key: "写明年份"}).status_code == 302
    client.force_login(mine.talent.user)
    assert "写明年份" in client.get(mine.get_absolute_url()).content.decode()
    operations.submit_application(application=mine, by=None, now=now)
    client.force_login(clerk)
    assert client.post(f"{row}accept/").status_code == 302
    assert client.post(f"{row}decide/", {"result": "awarded"}).status_code == 302
    book = client.get(f"{here}export/")
    assert (book.status_code, book.content[:2]) == (200, b"PK")
    mine.refresh_from_db()
    assert (mine.state, mine.result) == ("accepted", "awarded")


def test_what_she_applied_for_is_no_work_in_the_portal(client):
    """A newcomer is still told to begin her record: 我的 leaves that out for those who only work here."""
    client.force_login(factories.user())
    page = client.get("/me/").content.decode()
    assert ["我的申报" in page, "我的工作" in page, "开始填写" in page] == [True, False, True]
