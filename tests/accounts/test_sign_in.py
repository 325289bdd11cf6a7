"""Signing in: password, code, second factor; the same answer for everybody; limits."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse, reverse_lazy

from accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
PHONE = "13812345678"
PASSWORD = "两江Camellia2026"


@pytest.fixture
def person():
    user = factories.user("林静", phone=PHONE)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email="linjing@example.cn", verified=True, primary=True)
    return user


def page_text(response):
    html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(
        r"1\d\d\*{4}\d{4}|\w\*\*\*@example\.cn|value=\"(1\d{10}|\w+@example\.cn)\"", "MASKED", html
    )


@pytest.mark.parametrize("login", [PHONE, "+86 138-1234-5678", "LinJing@example.cn"])
def test_phone_or_email_and_password_open_the_account(person, client, login):
    answer = client.post(reverse("account_login"), {"login": login, "password": PASSWORD})
    assert answer["Location"] == reverse("dashboard")
    assert int(client.session["_auth_user_id"]) == person.pk


def test_a_wrong_password_and_an_unknown_number_look_alike(person):
    answers = [
        Client().post(reverse("account_login"), {"login": login, "password": "wrong-wrong"})
        for login in (PHONE, "13899998888")
    ]
    assert page_text(answers[0]) == page_text(answers[1])
    assert "手机号或密码不正确。" in answers[0].content.decode()


def test_what_is_neither_number_nor_address_is_answered_with_what_to_do(client):
    answer = client.post(reverse("account_login"), {"login": "linjing", "password": "x"})
    assert "请填写 11 位手机号，或完整的邮箱地址。" in answer.content.decode()


@pytest.mark.parametrize(("by", "contact"), [("phone", PHONE), ("email", "linjing@example.cn")])
def test_a_code_opens_the_account(person, client, code, by, contact):
    client.post(reverse("account_request_login_code"), {"by": by, by: contact})
    answer = client.post(reverse("account_confirm_login_code"), {"code": code(contact)})
    assert answer["Location"] == reverse("dashboard")
    assert int(client.session["_auth_user_id"]) == person.pk


def test_a_code_typed_in_full_width_digits_is_read(person, client, code):
    client.post(reverse("account_request_login_code"), {"by": "phone", "phone": PHONE})
    typed = code(PHONE).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    answer = client.post(reverse("account_confirm_login_code"), {"code": typed})
    assert answer["Location"] == reverse("dashboard")


@pytest.mark.parametrize(
    ("by", "contacts"),
    [
        ("phone", (PHONE, "13899998888")),
        ("email", ("linjing@example.cn", "nobody@example.cn")),
    ],
)
def test_asking_for_a_code_tells_nothing_about_the_account(person, outbox, by, contacts):
    pages = []
    for contact in contacts:
        visitor = Client()
        data = {"by": by, by: contact}
        first = visitor.post(reverse("account_request_login_code"), data, follow=True)
        wrong = visitor.post(reverse("account_confirm_login_code"), {"code": "000000"})
        pages.append((first.redirect_chain, page_text(first), wrong.status_code, page_text(wrong)))
    assert pages[0] == pages[1]
    assert [m["to"] for m in outbox()] == list(contacts)
    assert "还没有注册" in outbox()[1]["body"]


def test_resetting_a_password_tells_nothing_about_the_account(person, outbox):
    pages = []
    for address in ("linjing@example.cn", "nobody@example.cn"):
        client = Client()
        first = client.post(reverse("account_reset_password"), {"email": address}, follow=True)
        pages.append((first.redirect_chain, page_text(first)))
    assert pages[0] == pages[1]
    assert [m["to"] for m in outbox()] == ["linjing@example.cn", "nobody@example.cn"]


def test_a_forgotten_password_is_replaced_by_email_code(person, client, code):
    client.post(reverse("account_reset_password"), {"email": "linjing@example.cn"})
    answer = client.post(
        reverse("account_confirm_password_reset_code"), {"code": code("linjing@example.cn")}
    )
    assert answer["Location"] == reverse("account_complete_password_reset")
    new = {"password1": "Jialing-und-Yangtze", "password2": "Jialing-und-Yangtze"}
    client.post(reverse("account_complete_password_reset"), new)
    assert User.objects.get(pk=person.pk).check_password("Jialing-und-Yangtze")


def test_a_forgotten_password_is_replaced_after_an_sms_code_without_the_old_one(
    person, client, code
):
    client.post(reverse("account_request_login_code"), {"by": "phone", "phone": PHONE})
    client.post(reverse("account_confirm_login_code"), {"code": code(PHONE)})
    new = {"password1": "Jialing-und-Yangtze", "password2": "Jialing-und-Yangtze"}
    client.post(reverse("account_change_password"), new)
    assert User.objects.get(pk=person.pk).check_password("Jialing-und-Yangtze")


def test_signed_in_by_password_the_old_one_is_asked_for(person, client):
    client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    new = {"password1": "Jialing-und-Yangtze", "password2": "Jialing-und-Yangtze"}
    answer = client.post(reverse("account_change_password"), new)
    assert answer.context["form"].errors.keys() == {"oldpassword"}
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_five_wrong_passwords_close_that_number_and_no_other(person):
    other = factories.user(phone="13899998888")
    other.set_password(PASSWORD)
    other.save()
    address = reverse("account_login")
    for _attempt in range(5):
        Client().post(address, {"login": PHONE, "password": "wrong-wrong"})
    answer = Client().post(address, {"login": PHONE, "password": PASSWORD})
    assert "尝试次数过多，请 5 分钟后再试。" in answer.content.decode()
    answer = Client().post(address, {"login": "13899998888", "password": PASSWORD})
    assert answer.status_code == 302


def test_many_sign_ins_from_one_address_are_answered_429_in_chinese(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "2/m/ip"}
    for _attempt in range(2):
        Client().post(reverse("account_login"), {"login": PHONE, "password": "x"})
    answer = Client().post(reverse("account_login"), {"login": PHONE, "password": "x"})
    assert answer.status_code == 429
    said = "尝试次数过多，请 1 分钟后再试。除密码外，刚才填写的内容都还在。"
    assert said in answer.content.decode()


def test_another_code_within_the_minute_and_the_eleventh_of_a_day_say_how_long(
    person, client, settings
):
    address, data = reverse("account_request_login_code"), {"by": "phone", "phone": PHONE}
    client.post(address, data)
    answer = Client().post(address, data)
    assert "尝试次数过多，请 1 分钟后再试。" in answer.content.decode()
    assert f'value="{PHONE}"' in answer.content.decode()
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "2/d/key"}
    Client().post(address, data)
    Client().post(address, data)
    assert "尝试次数过多，请 24 小时后再试。" in Client().post(address, data).content.decode()


def test_a_forged_forwarding_header_does_not_get_round_the_limit(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/m/ip"}
    data = {"login": PHONE, "password": "x"}
    Client().post(reverse("account_login"), data, headers={"x-forwarded-for": "1.1.1.1"})
    answer = Client().post(reverse("account_login"), data, headers={"x-forwarded-for": "2.2.2.2"})
    assert answer.status_code == 429


def test_behind_one_trusted_proxy_its_entry_counts_and_not_what_the_client_wrote(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/m/ip"}
    data = {"login": PHONE, "password": "x"}

    def post(header):
        address = reverse("account_login")
        return Client().post(address, data, headers={"x-forwarded-for": header}).status_code

    assert post("9.9.9.9, 1.1.1.1") == 200
    assert post("8.8.8.8, 1.1.1.1") == 429
    assert post("9.9.9.9, 2.2.2.2") == 200


CHANGE, PROVE = reverse_lazy("account_change_phone"), reverse_lazy("prove_again")


def test_a_phone_changes_after_the_password_again_and_the_old_number_is_told(
    person, client, code, outbox
):
    client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    answer = client.post(CHANGE, {"phone": "13900001111"})
    again = f"{reverse('account_reauthenticate')}?next=%2Faccounts%2Fphone%2Fchange%2F"
    assert answer["Location"] == again
    assert client.post(again, {"password": "wrong"}).status_code in (200, 422)
    assert client.get(CHANGE)["Location"] == again
    client.post(again, {"password": PASSWORD})
    client.post(CHANGE, {"phone": "13900001111"})
    assert User.objects.get(pk=person.pk).phone == PHONE
    client.post(reverse("account_verify_phone"), {"code": code("13900001111")})
    assert User.objects.get(pk=person.pk).phone == "13900001111"
    told = [message["body"] for message in outbox() if message["to"] == PHONE]
    assert told == ["您的两江女性科技人才门户账号已换绑手机号。如非本人操作，请立即联系我们。"]


def test_who_has_no_password_proves_herself_by_a_code_to_the_number_she_has(client, code):
    person = factories.user(phone=PHONE)
    client.force_login(person)
    assert client.get(CHANGE)["Location"] == f"{PROVE}?next=%2Faccounts%2Fphone%2Fchange%2F"
    assert client.post(CHANGE, {"phone": "13900001111"}).status_code == 302
    assert client.post(PROVE, {"code": "000000"}).status_code == 422
    assert client.post(PROVE, {"send": "1"})["Location"] == PROVE
    assert "138****" in client.get(PROVE).content.decode()
    sent = code(PHONE)
    assert client.post(PROVE, {"send": "1"}, follow=True).status_code == 200
    assert code(PHONE) == sent  # not a second one within the minute
    assert client.post(PROVE, {"code": sent})["Location"] == CHANGE
    assert client.get(CHANGE).status_code == 200
    assert client.post(PROVE, {"code": sent}).status_code == 422


def test_the_fourth_guess_at_her_code_is_refused_even_a_right_one(client, code):
    client.force_login(factories.user(phone=PHONE))
    client.post(PROVE, {"send": "1"})
    wrong = "000000" if code(PHONE) != "000000" else "111111"
    assert [client.post(PROVE, {"code": wrong}).status_code for _ in range(3)] == [422] * 3
    assert client.post(PROVE, {"code": code(PHONE)}).status_code == 422
    assert client.get(CHANGE).status_code == 302


def test_a_code_is_never_logged(person, client, code, caplog):
    caplog.set_level("DEBUG")
    client.post(reverse("account_request_login_code"), {"by": "phone", "phone": PHONE})
    assert code(PHONE) not in caplog.text
    assert PHONE not in caplog.text


def test_totp_is_asked_for_after_the_password_and_its_secret_is_encrypted(person, client):
    secret = "JBSWY3DPEHPK3PXP"
    totp.TOTP.activate(person, secret)
    stored = Authenticator.objects.get(user=person, type="totp").data
    assert secret not in str(stored)
    answer = client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    counter = int(time.time()) // 30
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    answer = client.post(reverse("mfa_authenticate"), {"code": code})
    assert answer["Location"] == reverse("dashboard")


def test_weixin_is_offered_only_where_its_keys_are_set(client, settings):
    assert "用微信登录" not in client.get(reverse("account_login")).content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {"weixin": {"APPS": [{"client_id": "wx1", "secret": "s"}]}}
    html = client.get(reverse("account_login")).content.decode()
    assert "用微信登录" in html
    answer = client.get(reverse("weixin_login"))
    assert answer["Location"].startswith("https://open.weixin.qq.com/connect/qrconnect?")
    assert "appid=wx1" in answer["Location"]


def test_the_weixin_addresses_are_not_there_without_keys(client):
    assert client.get(reverse("weixin_login")).status_code == 404
    assert client.get(reverse("weixin_callback")).status_code == 404


def test_the_first_weixin_sign_in_asks_for_a_phone_and_consents(client, code, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {"weixin": {"APPS": [{"client_id": "wx1", "secret": "s"}]}}
    account = SocialAccount(provider="weixin", uid="openid-1", extra_data={})
    request = RequestFactory().get("/")
    provider = get_adapter().get_provider(request, "weixin")
    login = SocialLogin(account=account, user=User(), provider=provider)
    session = client.session
    session["socialaccount_sociallogin"] = login.serialize()
    session.save()
    page = client.get(reverse("socialaccount_signup")).content.decode()
    assert "绑定手机号" in page and "checked" not in page
    data = {"phone": "13800001111", "read_notice": "on", "consent_messages": "on"}
    answer = client.post(reverse("socialaccount_signup"), data)
    assert answer["Location"] == reverse("account_verify_phone")
    client.post(reverse("account_verify_phone"), {"code": code("13800001111")})
    user = User.objects.get_by_phone("13800001111")
    assert int(client.session["_auth_user_id"]) == user.pk
    assert SocialAccount.objects.get(uid="openid-1").user == user
    assert user.consents.get().purpose == "messages"


def test_the_sign_in_page_runs_under_the_strict_policy(client):
    answer = client.get(reverse("account_login"))
    assert "script-src 'self';" in answer["Content-Security-Policy"] + ";"
    html = answer.content.decode()
    scripts = re.findall(r"<script([^>]*)>", html)
    assert [s for s in scripts if "src=" not in s and "application/json" not in s] == []
    assert " style=" not in html and " onclick=" not in html


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_request_login_code",
        "account_reset_password",
        "privacy_notice",
    ],
)
def test_every_sentence_of_the_open_pages_is_chinese(client, name):
    cache.clear()
    html = client.get(reverse(name)).content.decode()
    text = re.sub(r"<(script|style|title)[\s\S]*?</\1>|<[^>]+>", " ", html)
    text = re.sub(r"\S+@\S+", " ", text)  # the address in the footer
    words = set(re.findall(r"[A-Za-z]{3,}", text)) - {"English", "PIN", "JavaScript"}
    assert words == set()
