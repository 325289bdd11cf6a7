"""Passkeys in a real browser with a virtual authenticator, under the strict policy."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PASSWORD = "两江Camellia2026"


@pytest.fixture
def authenticator(page):
    """Plug a virtual phone with a fingerprint reader into the page's browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )


def test_a_passkey_is_added_opens_the_account_alone_and_once_removed_does_not(
    live_server, page, authenticator
):
    person = factories.staff("department_clerk", phone="13812345678")
    person.set_password(PASSWORD)
    person.save()
    site = live_server.url.replace("127.0.0.1", "localhost")
    faults = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))

    page.goto(site + reverse("account_login"))
    page.get_by_label("手机号或邮箱").fill("13812345678")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="用密码登录").click()
    page.goto(site + reverse("mfa_add_webauthn"))
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="确定").click()
    page.get_by_label("用它直接登录，不再输入密码").check()
    page.get_by_role("button", name="添加").click()
    page.wait_for_url("**" + reverse("mfa_view_recovery_codes"))

    page.goto(site + reverse("account_logout"))
    page.locator("#main").get_by_role("button", name="退出").click()
    page.goto(site + reverse("account_login"))
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**" + reverse("admin:index"))
    # A passkey that checked her fingerprint is both factors: the admin opens.
    answer = page.goto(site + "/admin/")
    assert (answer.status, page.url) == (200, site + "/admin/")

    page.goto(site + reverse("mfa_list_webauthn"))
    page.get_by_role("link", name="移除").click()
    page.get_by_role("link", name="改用通行密钥").click()
    page.get_by_role("button", name="用通行密钥").click()
    page.locator("#main").get_by_role("button", name="移除").click()
    page.wait_for_load_state()
    assert not Authenticator.objects.filter(user=person).exists()
    page.goto(site + reverse("account_logout"))
    page.locator("#main").get_by_role("button", name="退出").click()
    page.goto(site + reverse("account_login"))
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.url == site + reverse("account_login")
    assert [text for text in faults if "favicon" not in text and "404" not in text] == []


NONE = "delete window.PublicKeyCredential"
REFUSED = (
    "navigator.credentials.get = async () => { throw new DOMException('no', 'NotAllowedError') }"
)


@pytest.mark.parametrize(
    ("browser_has", "said", "usable"),
    [(NONE, "这个浏览器不支持通行密钥", False), (REFUSED, "通行密钥没有完成验证", True)],
)
def test_the_button_says_so_where_no_passkey_is_to_be_had(
    live_server, page, browser_has, said, usable
):
    page.add_init_script(browser_has)
    page.goto(live_server.url.replace("127.0.0.1", "localhost") + reverse("account_login"))
    button = page.get_by_role("button", name="用通行密钥登录")
    assert button.is_enabled() is usable
    if usable:
        button.click()
    expect(page.get_by_text(said)).to_be_visible()
    assert page.locator("[data-passkey-note]:visible").count() == 1
