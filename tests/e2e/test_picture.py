"""The picture before a code: seen at both sizes, answered in a browser that runs no script."""

import re

import pytest
from captcha.models import CaptchaStore
from django.core.cache import cache

from kernel import gateways, sms_budget
from tests.e2e.person import PHONE

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
NUMBER = "14099990009"


@pytest.fixture(autouse=True)
def _short(settings, tmp_path):
    """Half of the network's codes are spent."""
    cache.clear()
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.SMS_BUDGETS = dict.fromkeys(settings.SMS_BUDGETS, 10**9) | {"network": 2}
    sms_budget.overspent("14099990001", is_code=True, address="127.0.0.1")
    yield
    cache.clear()


def digits(page):
    """Return what stands in the picture on the page."""
    key = page.locator("input[name=picture_0]").input_value()
    return CaptchaStore.objects.get(hashkey=key).response


def test_she_sees_it_on_every_screen_and_what_she_typed_is_kept(person):
    woman = person()
    page = woman.go("/accounts/login/code/")
    page.get_by_label("手机号", exact=True).fill(NUMBER)
    woman.press("获取验证码")
    woman.look()
    assert page.get_by_label("手机号", exact=True).input_value() == NUMBER
    assert page.locator("img.picture").evaluate("image => image.naturalWidth") == 180
    page.get_by_label("图中的五位数字").fill(digits(page))
    woman.press("获取验证码")
    assert page.url.endswith("/accounts/login/code/confirm/")


def test_a_browser_without_scripts_gets_its_code(browser, live_server):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/signup/")
    page.get_by_label("手机号", exact=True).fill(NUMBER)
    page.get_by_role("checkbox", name=re.compile("我已阅读")).check()
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("图中的五位数字").fill(digits(page))
    assert page.get_by_role("checkbox", name=re.compile("我已阅读")).is_checked()
    page.get_by_role("button", name="获取验证码").click()
    page.wait_for_url(re.compile("/accounts/phone/verify/"))
    assert [message["to"] for message in gateways.outbox()] == [NUMBER]
