"""Ventures on a phone and in the admin: she, her co-founder, her department, and who has nothing to do with it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entrepreneurship.ventures import operations
from entrepreneurship.ventures.models import Venture, VentureFounder
from tests import factories
from tests.entrepreneurship import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
HOME = "/innovation/ventures/"
NEW = {
    "name": "听声科技",
    "summary": "听齿轮",
    "industry": "M",
    "base": "",
    "uscc": "",
    "stage": "idea",
    "day": "2026-01-05",
    "role": "lead",
    "share": "60",
}


@pytest.fixture
def her(client):
    talent = make.woman()
    client.force_login(talent.user)
    return talent


def said(response):
    return [str(one) for one in response.context["messages"]]


def page(client, address):
    return client.get(address).content.decode()


def test_she_enters_one_finds_it_and_moves_it_on(client, her):
    assert "登记第一个项目" in page(client, HOME)
    made = client.post(f"{HOME}new/", NEW, follow=True)
    assert said(made) == ["已登记。接下来可以邀请一起创业的人。"]
    one = Venture.objects.get()
    where = f"{HOME}{one.code}/"
    assert (made.redirect_chain[-1][0], one.talent) == (where, her)
    wrong = {"stage": "registered", "day": "2026-06-01", "uscc": make.USCC[:-1] + "9"}
    answer = client.post(f"{where}stage/", wrong)
    html = answer.content.decode()
    assert (answer.status_code, "最后一位校验码须相符" in html, wrong["uscc"] in html) == (
        422,
        True,
        True,
    )
    right = client.post(f"{where}stage/", wrong | {"uscc": make.USCC}, follow=True)
    assert said(right) == ["已登记。登记错了可以撤回这一步。"]
    html = page(client, where)
    assert ("注册成企业" in html, make.USCC in html) == (True, True)
    assert "项目回到“构想”" in page(client, f"{where}stage/back/")
    client.post(f"{where}stage/back/")
    assert "这一步登记有误" in page(client, where)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("share", "101", "份额请填 0 到 100 之间的数。"),
        ("share", "一半", "份额请填数字，如 33.33。"),
        ("share", "1.005", "份额最多两位小数。"),
        ("day", "2999-01-01", "日期最晚到今天，请修改。"),
        ("uscc", "123", "统一社会信用代码不正确"),
        ("name", "", "请填写项目或企业的名称。"),
        ("industry", "", "请选择行业。"),
    ],
)
def test_what_is_wrong_comes_back_with_one_sentence_and_all_that_was_typed(
    client, her, field, typed, sentence
):
    answer = client.post(f"{HOME}new/", NEW | {field: typed})
    html = answer.content.decode()
    kept = NEW["summary"] if field != "summary" else NEW["name"]
    assert (answer.status_code, sentence in html, kept in html) == (422, True, True)
    assert Venture.objects.count() == 0


def test_a_co_founder_joins_by_the_link_and_sets_her_own_share(client, her):
    one = make.venture(her)
    where = f"{HOME}{one.code}/founders/"
    client.post(where, {"role": "technology", "share": "40", "who": "invite", "number": ""})
    link = VentureFounder.objects.invited().get()
    assert link.get_absolute_url() in page(client, where)
    full = client.post(where, {"role": "market", "share": "0.01", "who": "outside"})
    assert (full.status_code, "还可以填 0%" in full.content.decode()) == (422, True)
    partner = make.woman(full_name="何创")
    client.force_login(partner.user)
    assert client.get(where).status_code == 404
    html = page(client, link.get_absolute_url())
    assert ("听声科技" in html, "40%" in html) == (True, True)
    joined = client.post(link.get_absolute_url(), follow=True)
    assert said(joined) == ["已确认，您是这个项目的创始人。"]
    own = f"{where}{link.pk}/"
    assert client.post(own, {"role": "technology", "share": "30"}).status_code == 302
    assert make.fresh(one).shares == 90
    keeper = VentureFounder.objects.get(talent=her)
    refused = client.post(f"{where}{keeper.pk}/", {"role": "lead", "share": "1"})
    assert (refused.status_code, make.fresh(keeper).share) == (422, 60)
    client.post(own, {"end": "1"})
    assert client.get(f"{HOME}{one.code}/").status_code == 404
    assert client.get(link.get_absolute_url()).content.decode().count("邀请已收回") == 1


def test_the_yearly_check_takes_six_taps_and_no_leads_to_the_stage(client, her):
    one = make.venture(her)
    where = f"{HOME}{one.code}/check/"
    answers = {k: v for k, v in make.answers().items() if k != "alive"}
    wrong = client.post(where, answers | {"alive": "yes", "women_jobs": 13})
    assert (wrong.status_code, "女性人数不能多于就业人数" in wrong.content.decode()) == (422, True)
    assert client.post(where, answers | {"alive": "no"}).url == f"{HOME}{one.code}/stage/"
    last = one.checkpoints.get()
    assert client.get(where).url == f"{HOME}{one.code}/checks/{last.pk}/"
    right = client.post(f"{HOME}{one.code}/checks/{last.pk}/", answers | {"alive": "yes"})
    assert (right.url, one.checkpoints.standing().get().alive) == (f"{HOME}{one.code}/", True)


def test_who_has_nothing_to_do_with_it_finds_nothing(client, her):
    one = make.venture()
    for path in ("", "edit/", "stage/", "stage/back/", "founders/", "check/"):
        assert client.get(f"{HOME}{one.code}/{path}").status_code == 404
        assert client.post(f"{HOME}{one.code}/{path}", NEW).status_code in (404, 405)
    link = make.link(one)
    assert client.get(f"{HOME}invitation/{link.pk}/{'0' * 32}/").status_code == 404
    assert "听声科技" not in page(client, HOME)


def test_a_session_that_ended_brings_back_what_she_typed(client, her):
    client.logout()
    away = client.post(f"{HOME}new/", NEW)
    assert (away.status_code, away.url.partition("?")[0]) == (302, "/accounts/login/")
    assert Venture.objects.count() == 0


def test_lists_ask_as_much_for_three_as_for_one(client, her, settings):
    settings.STAFF_SECOND_FACTOR = False
    clerk = factories.staff("department_clerk")
    asked = {}
    for count in (1, 3):
        for number in range(Venture.objects.count(), count):
            one = make.venture(her, NOW - timedelta(days=number + 1), name=f"项目{number}")
            make.founder(one)
            make.answered(one)
        for person, address in (
            (her.user, HOME),
            (her.user, f"{HOME}{one.code}/"),
            (clerk, "/admin/entrepreneurship/venture/"),
        ):
            client.force_login(person)
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            asked.setdefault(address.replace(one.code, ""), set()).add(len(queries))
    assert {address: len(numbers) for address, numbers in asked.items()} == dict.fromkeys(asked, 1)


def test_staff_put_right_take_back_and_enter_what_they_were_told(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    one = make.registered(name="听声智能")
    clerk = factories.staff("department_clerk")
    client.force_login(clerk)
    admin = f"/admin/entrepreneurship/venture/{one.pk}"
    html = page(client, f"{admin}/change/")
    assert ("注册成企业" in html, "登记电话告知" in html) == (True, True)
    values = {"name": "听声智能科技", "industry": "M", "summary": "", "base": "", "uscc": make.USCC}
    wrong = client.post(f"{admin}/correct/", values | {"reason": "错"})
    assert (wrong.status_code, make.fresh(one).name) == (422, "听声智能")
    sent = client.post(f"{admin}/correct/", values | {"reason": "与营业执照一致"})
    assert (sent.status_code, make.fresh(one).name) == (302, "听声智能科技")
    client.post(f"{admin}/stage/", {"stage": "paused", "day": "2026-11-01", "uscc": ""})
    client.post(f"{admin}/stage-back/", {"reason": "听错了，没有暂停"})
    assert make.fresh(one).stage == "registered"
    said_by_phone = make.answers() | {"alive": "yes", "day": one.created_at.date().isoformat()}
    assert client.post(f"{admin}/phoned/", said_by_phone).status_code == 302
    corrected = said_by_phone | {"jobs": "20", "reason": "来电核实人数"}
    assert client.post(f"{admin}/put-right/", corrected).status_code == 302
    assert one.checkpoints.standing().get().jobs == 20
    told = operations.export_ventures(rows=Venture.objects.all(), by=clerk, now=NOW)
    assert told == [one]
    assert client.get("/admin/entrepreneurship/venture/export/").status_code == 200
    client.force_login(factories.staff("auditor"))
    assert client.get(f"{admin}/change/").status_code == 200
    assert client.get(f"{admin}/correct/").status_code == 403
    client.force_login(factories.staff("department_clerk", department_code="science_innovation"))
    assert client.get(f"{admin}/change/").status_code == 302
    assert client.get(f"{admin}/correct/").status_code == 404
