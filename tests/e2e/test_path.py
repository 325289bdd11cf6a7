"""The whole path in a real browser: register, be verified, book, wait, be promoted, check in, earn, redeem.

Four people walk it: a woman on a phone, a clerk who verifies, an organiser with an event, a station's
clerk; three more women book beside her. Every page is also looked at by axe, at 360 and 1280 px.
"""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from care_points.models import Redemption, Service
from events import operations
from events.models import Booking, Event
from kernel import gateways
from kernel import invented as people
from kernel.days import out_of_night
from notices import sending
from talents.models import Talent
from tests import factories
from tests.care_points import make
from tests.e2e.person import DESK

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("path"),
]


def code_from_sms(phone):
    """Return the six digits last sent to this number."""
    sent = [m for m in gateways.outbox() if m["to"] == phone]
    return re.search(r"\b(\d{6})\b", sent[0]["body"])[1]


def register(woman, phone):
    """Step 2: register by phone, choose consents, fill three steps, hand in."""
    page = woman.go("/accounts/signup/")
    for box in page.get_by_role("checkbox").all():
        assert not box.is_checked()
    page.get_by_label("手机号", exact=True).fill(phone)
    page.get_by_role("checkbox", name=re.compile("女性科技人才数据库")).check()
    page.get_by_role("checkbox", name=re.compile("通过短信或邮件提醒我")).check()
    page.get_by_role("checkbox", name=re.compile("我已阅读")).check()
    woman.press("获取验证码")
    page.get_by_role("textbox").first.fill(code_from_sms(phone))
    page.locator("main form button[type=submit], main form button").first.click()
    page.wait_for_url(re.compile("/me/"))
    woman.look()

    woman.go("/me/")
    woman.press("开始填写", role="link")
    page.wait_for_url(re.compile("/me/profile/1/"))
    page.get_by_label("姓名", exact=True).fill("苏映雪")
    born = date(1992, 6, 18)
    page.locator("#id_birth_month_0").select_option("1992")
    page.locator("#id_birth_month_1").select_option("6")
    page.get_by_label(re.compile("^身份证号")).fill(people.identity_number("500112", born))
    page.get_by_role("checkbox").check()
    woman.press("保存并继续")
    page.wait_for_url(re.compile("/me/profile/2/"))
    page.get_by_label(re.compile("^(工作)?单位")).fill("重庆两江半导体研究院")
    page.get_by_label(re.compile("^职务")).fill("工程师")
    woman.press("稍后再填")
    woman.go("/me/profile/")  # and comes back where she stopped
    page.wait_for_url(re.compile("/me/profile/2/"))
    expect(page.get_by_label(re.compile("^职务"))).to_have_value("工程师")
    page.get_by_label(re.compile("^职称（?")).first.fill("工程师")
    woman.press("保存并继续")
    page.wait_for_url(re.compile("/me/profile/3/"))
    page.get_by_label(re.compile("最高学历")).select_option(label="硕士研究生")
    page.locator("#id_discipline").select_option("510")
    page.locator("#id_industry").select_option("M")
    woman.press("保存并继续")
    page.wait_for_url(re.compile("/me/profile/review/"))
    woman.sees("苏映雪")
    page.get_by_role("button", name=re.compile("提交")).click()
    page.wait_for_load_state()
    woman.look()
    assert Talent.objects.get(full_name="苏映雪").state == "submitted"


def verify(clerk):
    """Step 3: the clerk finds her in the queue and takes her in; she is told once."""
    page = clerk.go("/admin/")
    page.get_by_role("link", name=re.compile("待审核的人才档案")).click()
    clerk.look()
    page.get_by_role("link", name="苏映雪").first.click()
    clerk.look()
    page.get_by_role("link", name="审核通过").first.click()
    clerk.look()
    page.locator("main form, #content form, form").filter(
        has=page.get_by_role("button", name=re.compile("审核通过|通过"))
    ).first.get_by_role("button", name=re.compile("通过")).first.click()
    page.wait_for_load_state()
    talent = Talent.objects.get(full_name="苏映雪")
    assert talent.state == "verified"
    sending.send_due(clock=lambda: out_of_night(timezone.now()) + timedelta(seconds=5))
    told = [
        m for m in gateways.outbox() if m["to"] == talent.user.phone and "审核通过" in m["body"]
    ]
    assert len(told) == 1
    return talent


def create_salon(organiser):
    """Step 5, first half: a salon with three seats, published."""
    page = organiser.go("/admin/events/event/add/")
    start = timezone.localtime() + timedelta(days=3)
    page.locator("#id_title").fill("青年女工程师沙龙")
    page.locator("#id_kind").select_option("salon")
    page.locator("#id_summary").fill("三个席位的小型沙龙。")
    page.locator("#id_starts_at_0").fill(start.strftime("%Y-%m-%d"))
    page.locator("#id_starts_at_1").select_option("14:00")
    page.locator("#id_ends_at_0").fill(start.strftime("%Y-%m-%d"))
    page.locator("#id_ends_at_1").select_option("16:00")
    page.locator("#id_venue").fill("两江人才大厦")
    page.locator("#id_capacity").fill("3")
    page.locator("button[name=_continue], input[name=_continue]").first.click()
    page.wait_for_load_state()
    event = Event.objects.get(title="青年女工程师沙龙")
    organiser.go(f"/admin/events/event/{event.pk}/change/")
    page.locator("form[action$='/publish/'] button").click()
    page.wait_for_load_state()
    event.refresh_from_db()
    assert event.state == "published"
    return event


def book(woman, event):
    """Press 报名 (or 加入候补) on the event's page."""
    page = woman.go(f"/events/{event.code}/")
    page.get_by_role("button", name=re.compile("^(报名|加入候补)$")).click()
    page.wait_for_load_state()
    woman.look()


def check_in_at_the_door(organiser, event, booking):
    """The organiser types her code; a second time is said so."""
    page = organiser.go(f"/events/{event.code}/door/")
    for expected in ("已签到", "已于"):
        page.locator("#typed input[name=code]").fill(booking.code)
        page.locator("#typed button").click()
        expect(page.locator("#door-answer")).to_contain_text(expected)
        organiser.look()
    booking.refresh_from_db()
    assert booking.checked_in_at is not None


def test_from_registration_to_a_fulfilled_voucher(person, settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    clerk_user = factories.staff("department_clerk", "department_reviewer", full_name="周雨桐")
    organiser_user = factories.staff("department_clerk", "event_organiser", full_name="林清禾")
    points_user = factories.staff("points_clerk", full_name="郑思宁")
    station_user = factories.user("韩晓岚")
    station = make.station(station_user, name="人和加油站")
    service = Service.objects.create(
        station=station, category="home_organising", title="上门收纳", description="两小时", cost=30
    )
    settings.STAFF_SECOND_FACTOR = False

    woman, clerk, organiser = person(), person(DESK).sign_in(clerk_user), person()
    organiser.sign_in(organiser_user)
    register(woman, "14000007777")
    talent = verify(clerk)

    event = create_salon(organiser)
    others = [factories.talent(full_name=name) for name in ("何一诺", "罗安宁", "梁知夏")]
    phones = [person().sign_in(other.user) for other in others]
    for phone in phones:
        book(phone, event)
    book(woman, event)
    states = dict(event.bookings.values_list("talent__full_name", "state"))
    assert sorted(states.values()) == ["confirmed"] * 3 + ["waitlisted"]
    assert states["苏映雪"] == "waitlisted"
    woman.sees("候补第 1 位")

    first = Booking.objects.get(talent=others[0])
    phones[0].go(f"/events/mine/{first.code}/cancel/")
    phones[0].page.locator("main form button").first.click()
    phones[0].page.wait_for_load_state()
    booking = Booking.objects.get(talent=talent)
    assert (booking.state, booking.promoted_at is not None) == ("confirmed", True)
    # At night it waits for the morning.
    sending.send_due(clock=lambda: out_of_night(timezone.now()) + timedelta(seconds=5))
    mine = [m["body"] for m in gateways.outbox() if m["to"] == "14000007777"]
    assert sum("转为正式报名" in body for body in mine) == 1

    event.refresh_from_db()
    for before, word in ((timedelta(days=1), "提醒您"), (timedelta(hours=1), "两江人才大厦开始")):
        due = event.starts_at - before + timedelta(seconds=1)
        operations.remind(event=event, now=due)
        sending.send_due(clock=lambda due=due: due)
        mine = [m["body"] for m in gateways.outbox() if m["to"] == "14000007777"]
        assert sum(word in body for body in mine) == 1

    woman.go("/events/mine/")
    woman.go("/me/")
    now = timezone.now()
    Event.objects.filter(pk=event.pk).update(  # three days later
        booking_opens_at=now - timedelta(days=4), booking_closes_at=now - timedelta(minutes=5),
        starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=2),
    )  # fmt: skip
    check_in_at_the_door(organiser, event, booking)

    record_hours(clerk, talent)
    confirm_hours(person(DESK).sign_in(points_user))
    woman.go("/points/")
    woman.sees("30")
    redeem(woman, service)
    voucher = Redemption.objects.get()
    fulfil(person().sign_in(station_user), voucher)
    woman.go("/points/")
    woman.sees("0")
    woman.go("/notices/")
    woman.sees("兑换码已使用")


def record_hours(clerk, talent):
    """A clerk writes down one volunteer hour of yesterday."""
    page = clerk.go("/admin/care_points/servicehours/add/")
    yesterday = timezone.localtime() - timedelta(days=1)
    page.locator("#id_people").fill(talent.code)
    page.locator("#id_activity").fill("社区科普讲座")
    page.locator("#id_day").fill(yesterday.strftime("%Y-%m-%d"))
    page.locator("#id_start").fill("09:00")
    page.locator("#id_hours").fill("1")
    clerk.press("登记")


def confirm_hours(colleague):
    """A colleague confirms what waits in the list."""
    page = colleague.go("/admin/care_points/servicehours/")
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").select_option("confirm_selected")
    page.locator("button[name=index]").click()
    page.wait_for_load_state()
    colleague.look()


def redeem(woman, service):
    """She chooses the service, confirms, and presses the button twice."""
    page = woman.go("/points/services/")
    woman.go(f"/points/services/{service.pk}/")
    woman.go(f"/points/services/{service.pk}/redeem/")
    page.get_by_role("button", name=re.compile("确认，用 30 积分兑换")).dblclick()
    page.wait_for_url(re.compile("/points/vouchers/"))
    woman.look()
    assert Redemption.objects.count() == 1


def fulfil(operator, voucher):
    """The station's clerk types the code, confirms, and is told when it is used twice."""
    page = operator.go("/points/station/")
    page.locator("input[name=code]").fill(voucher.code)
    operator.press("查看兑换内容")
    operator.press("确认已提供服务")
    voucher.refresh_from_db()
    assert voucher.state == "fulfilled"
    operator.go("/points/station/")
    page.locator("input[name=code]").fill(voucher.code)
    operator.press("查看兑换内容")
    expect(page.locator("main")).to_contain_text("已")
