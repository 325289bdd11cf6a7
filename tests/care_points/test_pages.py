"""The pages: who may see what, what they say, how many queries they cost."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from care_points import operations
from care_points.models import Category, EarningRule, Redemption, Service
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(operator):
    return make.service(station=make.station(operator, name="金渝加油站"), title="衣橱整理")


def text(response):
    """Return the page's words, tags gone and blanks folded."""
    page = response.content.decode()
    page = re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", page)


def rows(response):
    """Return the words of each list row."""
    found = re.findall(r'<li class="row[ "].*?</li>', response.content.decode(), flags=re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in found]


def hidden(response):
    """Return the hidden fields of the page's form, less the CSRF token."""
    page = response.content.decode()
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def queries(client, address):
    """Count the page's queries, less a session read again because the cache dropped it."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len([q for q in captured.captured_queries if "accounts_session" not in q["sql"]])


# --- who may see what ------------------------------------------------------------------------------
def test_the_cast_meets_a_voucher(client, woman, operator, service):
    """Her, another woman, the desk, another desk, a clerk, nobody: the page is hers alone."""
    voucher = make.redeem(woman, service, now=datetime.now(UTC))
    other_desk = factories.user()
    make.station(other_desk)
    outsiders = [
        factories.talent().user,
        operator,
        other_desk,
        factories.staff("department_clerk"),
        factories.staff("points_clerk"),
        factories.staff("auditor"),
    ]
    answers = []
    for page in (f"/points/vouchers/{voucher.pk}/", f"/points/vouchers/{voucher.pk}/cancel/"):
        for person in outsiders:
            client.force_login(person)
            answers.append((client.get(page).status_code, client.post(page).status_code))
        client.force_login(woman.user)
        assert client.get(page).status_code == 200
        client.logout()
        assert client.get(page).status_code == 302
    assert answers == [(404, 405)] * 6 + [(404, 404)] * 6
    voucher.refresh_from_db()
    assert voucher.state == "reserved"


def test_only_the_stations_desk_and_points_clerks_see_a_redemption(woman, operator, service):
    voucher = make.redeem(woman, service)
    other_desk = factories.user()
    make.station(other_desk)
    cast = {
        "herself": woman.user,
        "operator": operator,
        "points clerk": factories.staff("points_clerk"),
        "other woman": factories.talent().user,
        "other desk": other_desk,
        "department clerk": factories.staff("department_clerk"),
        "reviewer": factories.staff("department_reviewer"),
        "auditor": factories.staff("auditor"),
        "administrator": factories.staff("administrator"),
    }
    sees = {name: voucher in Redemption.objects.visible_to(person) for name, person in cast.items()}
    assert [name for name, seen in sees.items() if seen] == ["herself", "operator", "points clerk"]


@pytest.mark.parametrize("end", ["", "check/", "fulfil/"])
def test_the_desk_is_for_operators_and_points_clerks(client, woman, operator, service, end):
    voucher = make.redeem(woman, service, now=datetime.now(UTC))
    answers = {}
    people = {
        "woman": woman.user,
        "clerk": factories.staff("department_clerk"),
        "points": factories.staff("points_clerk"),
    }
    for name, person in people.items():
        client.force_login(person)
        address = f"/points/station/{end}"
        sent = client.post(address, {"code": voucher.code}) if end else client.get(address)
        answers[name] = sent.status_code
    assert answers == {"woman": 403, "clerk": 403, "points": 302 if end == "fulfil/" else 200}


def test_a_clerk_of_another_station_cannot_fulfil(client, woman, service):
    voucher = make.redeem(woman, service, now=datetime.now(UTC))
    outsider = factories.user()
    make.station(outsider)
    client.force_login(outsider)
    for page in ("check/", "fulfil/"):
        answer = client.post(f"/points/station/{page}", {"code": voucher.code})
        assert (answer.status_code, "没有找到可在本站使用的兑换码" in text(answer)) == (422, True)
        assert service.title not in text(answer)
        assert f'value="{voucher.code}"' in answer.content.decode()  # what was typed is kept
    voucher.refresh_from_db()
    assert voucher.state == "reserved"


def test_visitors_read_the_catalogue_and_are_asked_to_sign_in_to_redeem(client, service):
    page = client.get("/points/services/")
    assert [str(kind.label) for kind in Category if str(kind.label) not in text(page)] == []
    assert "衣橱整理" in text(page)
    assert client.get(f"/points/services/{service.pk}/").status_code == 200
    assert client.get("/points/").headers["Location"] == "/points/services/"
    location = client.get(f"/points/services/{service.pk}/redeem/").headers["Location"]
    assert location == f"/accounts/login/?next=/points/services/{service.pk}/redeem/"


def test_closed_services_are_not_found(client, service):
    service.active = False
    service.save()
    assert client.get(f"/points/services/{service.pk}/").status_code == 404
    assert "衣橱整理" not in text(client.get("/points/services/"))


def test_personal_pages_are_not_stored(client, woman, operator, service):
    voucher = make.redeem(woman, service, now=datetime.now(UTC))
    client.force_login(woman.user)
    pages = ["", f"services/{service.pk}/redeem/", f"vouchers/{voucher.pk}/"]
    pages.append(f"vouchers/{voucher.pk}/cancel/")
    answers = [client.get(f"/points/{page}") for page in pages]
    client.force_login(operator)
    answers.append(client.get("/points/station/"))
    assert [a.status_code for a in answers] == [200] * 5
    assert [a.headers["Cache-Control"].split(", ").count("no-store") for a in answers] == [1] * 5


# --- her way through ------------------------------------------------------------------------------
def test_she_redeems_shows_and_the_desk_fulfils(client, woman, operator, service):
    client.force_login(woman.user)
    page = client.get(f"/points/services/{service.pk}/redeem/")
    assert "现有积分 100 本次使用 −30 兑换后剩余 70" in text(page)
    sent = [client.post(page.wsgi_request.path, hidden(page)) for _ in range(3)]
    assert len({answer.headers["Location"] for answer in sent}) == 1
    assert (make.balance(woman), Redemption.objects.count()) == (70, 1)
    voucher = Redemption.objects.get()
    shown = client.get(sent[0].headers["Location"])
    assert f"{voucher.code[:5]} {voucher.code[5:]}" in text(shown)
    assert "<svg" in shown.content.decode()

    client.force_login(operator)
    check = client.post("/points/station/check/", {"code": voucher.code.lower()})
    assert "服务 爱心加油站服务（30 积分） 姓名 王*敏 加油站 金渝加油站" in text(check)
    fulfilled = client.post("/points/station/fulfil/", hidden(check), follow=True)
    assert "已核销：王*敏，30 积分。" in text(fulfilled)
    assert len(rows(fulfilled)) == 1
    again = client.post("/points/station/fulfil/", {"code": voucher.code})
    assert (again.status_code, "核销，不能再次使用。" in text(again)) == (409, True)

    client.force_login(woman.user)
    assert "已使用。" in text(client.get(f"/points/vouchers/{voucher.pk}/"))


def test_switching_the_language_at_the_desk_leads_back_to_it(client, operator, service):
    client.force_login(operator)
    for end in ("check/", "fulfil/"):
        answer = client.get(f"/en/points/station/{end}")
        assert answer.headers["Location"] == "/en/points/station/"


def test_only_the_newest_vouchers_are_listed_at_the_top(client, woman):
    cheap = make.service(cost=1)
    for _ in range(22):
        make.redeem(woman, cheap, now=datetime.now(UTC))
    client.force_login(woman.user)
    page = client.get("/points/")
    assert len(page.context["vouchers"]) == 20
    assert "这里显示最近 20 张" in text(page)


def test_she_cancels_and_gets_the_points_back(client, woman, service):
    voucher = make.redeem(woman, service, now=datetime.now(UTC))
    client.force_login(woman.user)
    page = f"/points/vouchers/{voucher.pk}/cancel/"
    assert "30 积分退回您的账户" in text(client.get(page))
    voucher.refresh_from_db()
    assert voucher.state == "reserved"
    cancelled = client.post(page, follow=True)
    assert "兑换已取消，30 积分已退回您的账户。" in text(cancelled)
    assert make.balance(woman) == 100
    assert client.post(page, follow=True).status_code == 200
    assert make.balance(woman) == 100


def test_too_few_points_shows_what_is_missing_and_no_button(client, woman):
    dear = make.service(cost=130)
    client.force_login(woman.user)
    page = client.get(f"/points/services/{dear.pk}/redeem/")
    assert "还差 30 积分。" in text(page)
    assert 'name="key"' not in page.content.decode()
    sent = client.post(f"/points/services/{dear.pk}/redeem/", {"key": "K" * 20, "cost": 130})
    assert (sent.status_code, "还差 30 积分。" in text(sent)) == (409, True)


def test_the_services_page_says_what_stands_in_the_way_instead_of_a_button(client, service):
    full = make.service(cost=1, monthly_quota=1, station=service.station)
    other = factories.talent()
    make.give(other, 1)
    make.redeem(other, full, now=datetime.now(UTC))
    rich, poor = factories.talent(), factories.talent()
    draft, nobody = factories.talent(state="draft"), factories.user()
    make.give(rich, 100)
    make.give(draft, 100)

    def shown(person, what):
        if person:
            client.force_login(person)
        page = client.get(f"/points/services/{what.pk}/")
        reason = re.search(
            r'<div class="notice.*?</div>\s*</div>', page.content.decode(), re.DOTALL
        )
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reason[0])).strip() if reason else None
        return words, f'href="/points/services/{what.pk}/redeem/"' in page.content.decode()

    assert shown(None, service) == (None, True)
    assert shown(rich.user, service) == (None, True)
    assert shown(poor.user, service) == (
        "还差 30 积分。参加活动、志愿服务都能获得积分。 怎样获得积分",
        False,
    )
    assert shown(rich.user, full) == ("本月名额已满，下月 1 日重新开放。", False)
    assert shown(draft.user, service) == (
        "请先填写档案并提交审核，审核通过后就可以办理。 我的档案",
        False,
    )
    assert shown(nobody, service) == (
        "请先填写档案并提交审核，审核通过后就可以办理。 我的档案",
        False,
    )


def test_an_anonymous_visitor_costs_the_service_page_two_queries(client, service):
    service.monthly_quota = 5
    service.save()
    client.get(f"/points/services/{service.pk}/")
    # the service with its station and place, the days on which that is not as usual
    assert queries(client, f"/points/services/{service.pk}/") == 2


def test_a_changed_price_is_shown_and_asked_again(client, woman, service):
    client.force_login(woman.user)
    form = hidden(client.get(f"/points/services/{service.pk}/redeem/"))
    Service.objects.filter(pk=service.pk).update(cost=40)
    sent = client.post(f"/points/services/{service.pk}/redeem/", form)
    assert sent.status_code == 409
    assert "这项服务现在需要 40 积分，与刚才显示的不同，请确认后再兑换。" in text(sent)
    assert (hidden(sent)["cost"], make.balance(woman)) == ("40", 100)
    again = client.post(f"/points/services/{service.pk}/redeem/", hidden(sent))
    assert (again.status_code, make.balance(woman)) == (302, 60)


@pytest.mark.parametrize(
    "body", [{}, {"key": "short", "cost": 30}, {"key": "K" * 20, "cost": "x"}, {"key": "\x00" * 20}]
)
def test_a_broken_confirmation_spends_nothing_and_says_so(client, woman, service, body):
    client.force_login(woman.user)
    sent = client.post(f"/points/services/{service.pk}/redeem/", body)
    assert (sent.status_code, "页面已失效，积分没有变动，请再确认一次。" in text(sent)) == (
        422,
        True,
    )
    assert make.balance(woman) == 100


@pytest.mark.parametrize("code", ["", " ", "x" * 41, "\x00", "ABC", "０１２３４５６７８９"])
def test_a_wrong_code_at_the_desk_is_one_sentence(client, operator, service, code):
    client.force_login(operator)
    for page in ("check/", "fulfil/"):
        answer = client.post(f"/points/station/{page}", {"code": code})
        assert (answer.status_code, answer.content.decode().count("field-error")) == (422, 1)


@pytest.mark.parametrize("after", ["x", "-1", "0", "9" * 40, "٣"])
def test_a_wrong_place_in_the_statement_is_no_error(client, woman, after):
    client.force_login(woman.user)
    assert client.get("/points/", {"after": after}).status_code == 200


def test_a_person_without_a_record_is_told_what_to_do(client, service):
    client.force_login(factories.user())
    assert "还没有积分账户" in text(client.get("/points/"))
    answer = client.get(f"/points/services/{service.pk}/redeem/", follow=True)
    assert "请先填写档案并提交审核，审核通过后就可以办理。" in text(answer)


def test_empty_states_say_what_to_do(client, operator, service):
    EarningRule.objects.all().delete()
    service.active = False
    service.save()
    client.force_login(factories.talent().user)
    page = text(client.get("/points/"))
    assert "还没有积分记录" in page
    assert "目前没有积分规则" in page
    assert text(client.get("/points/services/")).count("这类服务正在筹备") == 5
    client.force_login(operator)
    assert "今天还没有核销" in text(client.get("/points/station/"))


# --- the statement --------------------------------------------------------------------------------
def test_every_line_of_the_statement_explains_itself(client, service):
    talent = factories.talent()
    clerk = factories.staff("department_clerk", "event_organiser")
    colleague = factories.staff("department_reviewer", "event_organiser", full_name="周小芳")
    earned = operations.earn(
        rule_code="event_attendance",
        talent=talent,
        key="checkin:1",
        by=clerk,
        now=NOW,
        about="春季沙龙",
    )
    hours = operations.record_hours(
        talent=talent,
        activity="科普讲座",
        starts_at=NOW - timedelta(hours=3),
        half_hours=4,
        by=clerk,
        now=NOW,
    )
    operations.confirm_hours(hours=hours, by=colleague, now=NOW)
    kept = make.redeem(talent, service)
    gone = make.redeem(talent, make.service(cost=20))
    operations.expire_redemption(redemption=gone, now=gone.expires_at + timedelta(minutes=1))
    dropped = make.redeem(talent, make.service(cost=5))
    operations.cancel_redemption(redemption=dropped, by=talent.user, now=NOW)
    operations.reverse(transfer=earned, reason="登记有误", by=colleague, now=NOW)
    client.force_login(talent.user)
    shown = [re.sub(r"流水号 \w{10}", "流水号 X", row) for row in rows(client.get("/points/"))]
    when, far = "2026年11月23日 (周一) 10:00", "有效至 2029年11月23日 (周五)"
    valid = "兑换码有效至 2026年12月23日 (周三)"
    returned = "退回的积分有效期不变"
    each = "规则第 1 版：每次 10 分；每年最多 200 分；36 个月内有效"
    hourly = "规则第 1 版：每小时 20 分；36 个月内有效"
    assert kept.state == "reserved"
    assert shown[1:9] == [
        f"撤销“参加活动”的积分：登记有误 −10 {when} 余额 10 区妇联 周*芳 流水号 X",
        f"兑换已取消，积分退回 +5 {when} 余额 20 {returned} 本人 流水号 X",
        f"爱心加油站服务兑换 −5 {when} 余额 15 {valid} 本人 流水号 X",
        f"兑换码过期未使用，积分退回 +20 2026年12月24日 (周四) 00:00 余额 20 {returned}"
        " 系统自动 流水号 X",
        f"爱心加油站服务兑换 −20 {when} 余额 0 {valid} 本人 流水号 X",
        f"爱心加油站服务兑换 −30 {when} 余额 20 {valid} 本人 流水号 X",
        f"志愿服务：科普讲座（2 小时） +40 {when} 余额 50 {far} {hourly} 区妇联 周*芳 流水号 X",
        f"参加活动：春季沙龙 +10 {when} 余额 10 {far} {each} 区妇联 李*事 流水号 X",
    ]


def test_the_statement_speaks_the_readers_language(client):
    """An undone check-in and the length of hours are stored as facts; what people typed stays as typed."""
    talent, clerk = factories.talent(), factories.staff("department_clerk")
    organiser = factories.staff("event_organiser")
    earned = operations.earn(
        rule_code="event_attendance",
        talent=talent,
        key="checkin:1:1",
        by=organiser,
        now=NOW,
        about="春季沙龙",
    )
    operations.reverse(transfer=earned, by=organiser, now=NOW)
    hours = operations.record_hours(
        talent=talent,
        activity="科普讲座",
        starts_at=NOW - timedelta(hours=3),
        half_hours=3,
        by=clerk,
        now=NOW,
    )
    operations.confirm_hours(hours=hours, by=factories.staff("department_reviewer"), now=NOW)
    client.force_login(talent.user)
    titles = [
        re.findall(r'<p class="row-title">\s*(.*?)\s*</p>', client.get(page).content.decode())[:3]
        for page in ("/points/", "/en/points/")
    ]
    assert titles == [
        [
            "志愿服务：科普讲座（1.5 小时）",
            "撤销“参加活动”的积分：签到已撤销",
            "参加活动：春季沙龙",
        ],
        [
            'Volunteer service: <span lang="zh-Hans">科普讲座</span> (1.5 h)',
            "Points of “Attending an event” reversed: Check-in undone",
            'Attending an event: <span lang="zh-Hans">春季沙龙</span>',
        ],
    ]


def test_the_statement_pages_by_key_and_no_line_is_lost_when_new_ones_arrive(client, woman):
    for _ in range(44):
        make.give(woman, 1)
    client.force_login(woman.user)
    lines, address = [], "/points/"
    while address:
        page = client.get(address)
        lines += re.findall(r"流水号 (\w{10})", text(page))
        make.give(woman, 1)
        following = re.search(r'rel="next" href="(\?after=[\w-]+)"', page.content.decode())
        address = f"/points/{following[1]}" if following else None
    assert (len(lines), len(set(lines))) == (45, 45)


# --- queries --------------------------------------------------------------------------------------
def test_lists_cost_the_same_queries_with_one_row_and_with_three(client, woman, operator, service):
    now = datetime.now(UTC)
    staff = factories.staff("points_clerk")

    def grow():
        make.give(woman, 50)
        made = make.redeem(woman, service, now=now)
        make.redeem(woman, service, now=now)
        operations.fulfil(code=made.code, by=operator, now=now)
        make.service(station=service.station)

    pages = [
        ("/points/", woman.user),
        ("/points/services/", woman.user),
        ("/points/station/", operator),
    ]
    pages += [("/points/station/", staff)]
    counts = []
    for _ in range(2):
        grow()
        counts.append([])
        for page, person in pages:
            client.force_login(person)
            client.get(page)
            counts[-1].append(queries(client, page))
        grow()
    assert counts[0] == counts[1]


def test_the_desk_reads_a_voucher_from_a_photo_and_says_when_there_is_none(client, settings):
    def photo(text):
        out = io.BytesIO()
        if text:
            segno.make(text, error="m", micro=False).save(out, kind="png", scale=6)
        else:
            Image.new("L", (300, 300), 255).save(out, format="PNG")
        return SimpleUploadedFile("qr.png", out.getvalue(), content_type="image/png")

    operator = factories.user("韩晓岚")
    station = make.station(name="人和")
    station.operators.add(operator)
    service = Service.objects.create(
        station=station, category="home_organising", title="收纳", description="d", cost=5
    )
    made = Redemption.objects.create(
        talent=factories.talent(),
        service=service,
        cost=5,
        idempotency_key="k",
        made_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=3),
    )
    client.force_login(operator)
    answer = client.post("/points/station/check/", {"photo": photo(made.code)})
    assert (answer.status_code, answer.context["voucher"]) == (200, made)
    answer = client.post("/points/station/check/", {"photo": photo("")})
    assert (answer.status_code, list(answer.context["form"].errors["photo"])) == (
        422,
        ["照片里没有找到二维码，请靠近一些、对准重拍，或直接输入兑换码。"],
    )
    answer = client.post("/points/station/check/", {})
    assert list(answer.context["form"].errors["code"]) == ["请输入对方出示的 10 位兑换码。"]


def test_no_photo_is_decoded_for_somebody_without_a_desk(client, monkeypatch):
    opened = []
    monkeypatch.setattr("PIL.Image.open", lambda *args, **kwargs: opened.append(args))
    client.force_login(factories.user())
    photo = SimpleUploadedFile("a.png", b"x", "image/png")
    assert client.post("/points/station/check/", {"photo": photo}).status_code == 403
    assert opened == []


def test_an_overdue_voucher_offers_its_cancelling_and_an_ended_one_does_not(client, woman, service):
    voucher = make.redeem(woman, service, now=datetime(2020, 3, 1, 2, 0, tzinfo=UTC))
    client.force_login(woman.user)
    page = f"/points/vouchers/{voucher.pk}/"
    offered = f'href="{page}cancel/"'
    assert offered in client.get(page).content.decode()
    operations.cancel_redemption(redemption=voucher, by=woman.user, now=datetime.now(UTC))
    assert offered not in client.get(page).content.decode()


def test_a_service_is_one_card_with_its_stations_and_the_places_left(client, woman):
    first = make.service(station=make.station(name="甲站"), title="衣橱整理", monthly_quota=2)
    make.service(station=make.station(name="乙站"), title="衣橱整理")
    make.service(station=make.station(name="丙站"), title="体检", cost=220)
    make.redeem(woman, first, now=timezone.now())
    page = client.get("/points/services/").content.decode()
    assert page.count("衣橱整理</h3>") == 1
    words = text(client.get("/points/services/"))
    assert ("本月还有 1 个名额" in words, "不限名额" in words, "还差" in words) == (
        True,
        True,
        False,
    )
    client.force_login(woman.user)
    words = text(client.get("/points/services/"))
    assert (words.count("可以兑换"), words.count("还差 150 分")) == (2, 1)
    make.redeem(woman, first, now=timezone.now())
    words = text(client.get("/points/services/"))
    assert ("本月名额已满" in words, words.count("可以兑换")) == (True, 1)


def test_the_catalogue_costs_the_same_with_one_service_and_with_three(client, woman):
    def price():
        with CaptureQueriesContext(connection) as captured:
            client.get("/points/services/")
        return len([q for q in captured if "session" not in q["sql"]])

    client.force_login(woman.user)
    make.service(monthly_quota=3)
    price()
    one = price()
    for _ in range(2):
        make.service(monthly_quota=3)
    assert price() == one
