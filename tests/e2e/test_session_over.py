"""The session ends while a page stands open: she signs in, is where she was, and presses once more."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from entrepreneurship.transfer.models import TransferProfile, TransferVersion
from events.models import Booking
from tests import factories
from tests.e2e.person import DESK

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PASSWORD = "两江Camellia2026"


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(person, user):
    page = person.page
    page.get_by_label("手机号或邮箱").fill(user.phone)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="用密码登录").click()
    page.wait_for_load_state()


def test_a_booking(person):
    user = with_password(factories.user("林静", phone="13812345678"))
    talent = factories.talent(user=user, state="verified", verified_at=timezone.now())
    event = factories.event(starts_at=timezone.now() + timedelta(days=3))
    woman = person()
    woman.page.goto("/accounts/login/")
    sign_in(woman, user)
    page = woman.go(f"/events/{event.code}/")
    page.context.clear_cookies(name="sessionid")
    page.locator("form[action$='/book/'] button:visible").first.click()
    page.wait_for_url(re.compile("/accounts/login/"))
    woman.sees("登录后会放回原处")
    sign_in(woman, user)
    page.wait_for_url(re.compile(f"/events/{event.code}/"))
    woman.sees("请核对后再提交一次")
    assert Booking.objects.count() == 0
    woman.look()
    page.locator("form[action$='/book/'] button:visible").first.click()
    page.wait_for_load_state()
    assert Booking.objects.get().talent_id == talent.pk


def test_a_long_form_of_the_admin(person):
    staff = with_password(factories.staff("event_organiser", phone="13700001111"))
    organiser = person(DESK)
    organiser.page.goto("/accounts/login/")
    sign_in(organiser, staff)
    page = organiser.page
    page.goto("/admin/events/event/add/")
    page.locator("[name=title]").fill("量子计算沙龙")
    page.locator("[name=summary]").fill("从实验室到产线")
    page.context.clear_cookies(name="sessionid")
    page.locator("[name=_save]").first.click()
    page.wait_for_url(re.compile("/accounts/login/"))
    sign_in(organiser, staff)
    page.wait_for_url(re.compile("/admin/events/event/add/"))
    assert page.locator("[name=title]").input_value() == "量子计算沙龙"
    assert page.locator("[name=summary]").input_value() == "从实验室到产线"
    page.locator("[name=_save]").first.click()
    expect(page.locator(".portal-problems")).to_be_focused()
    assert page.title().startswith("需要修改：")
    assert page.locator("[name=title]").input_value() == "量子计算沙龙"


PROBLEM = "晶圆边缘的细小缺陷靠人眼抽检，漏检多，流到后道才发现。" * 34
WRITTEN = {
    "title": "晶圆边缘缺陷的在线检测（<0.2 毫米 & 每片 2 秒）",
    "problem": f"{PROBLEM}\n\n缺陷 <0.2 毫米时，“看”与“漏”各半。",
    "advantage": "漏检率从 3% 降到 0.4%，每片检测 2 秒。" * 12,
    "field": "510",
    "readiness": "6",
    "keywords": "晶圆检测，机器视觉",
    "rights_kind": "invention",
    "application_number": "201710601862.3",
}
TICKED = {"forms": ["licence", "joint"], "is_service": ["on"], "is_abroad": []}


def typed(page):
    """Return what a technology profile's form holds: texts and choices, then what is ticked."""
    texts = {name: page.locator(f"[name={name}]").input_value() for name in WRITTEN}
    ticked = {
        name: page.locator(f"[name={name}]:checked").evaluate_all("all => all.map(e => e.value)")
        for name in TICKED
    }
    return texts, ticked


def test_a_technology_profile_with_long_texts(person):
    user = with_password(factories.user("周雨桐", phone="13812345678"))
    factories.talent(user=user, state="verified", verified_at=timezone.now())
    author = person()
    page = author.page
    page.goto("/accounts/login/")
    sign_in(author, user)
    page.goto("/innovation/transfer/mine/new/offer/own/")
    for name in ("title", "problem", "advantage", "keywords", "application_number"):
        page.locator(f"[name={name}]").fill(WRITTEN[name])
    for name in ("field", "readiness", "rights_kind"):
        page.locator(f"[name={name}]").select_option(WRITTEN[name])
    for name in ("许可使用", "合作开发", "这是职务成果"):
        page.get_by_label(name).check()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile("/accounts/login/"))
    author.sees("登录后会放回原处")
    sign_in(author, user)
    page.wait_for_url(re.compile("/innovation/transfer/mine/new/offer/own/"))
    author.sees("请核对后再提交一次")
    assert (typed(page), TransferProfile.objects.count()) == ((WRITTEN, TICKED), 0)
    author.look()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile("/mine/(?!new)"))
    author.sees("已存为草稿")
    kept = {name: getattr(TransferVersion.objects.get(), name) for name in (*WRITTEN, *TICKED)}
    saved = {
        "readiness": 6,
        "keywords": ["晶圆检测", "机器视觉"],
        "is_service": True,
        "is_abroad": False,
    }
    assert kept == WRITTEN | TICKED | saved
