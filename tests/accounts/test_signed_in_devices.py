"""Her list of devices: what it shows, signing one out, signing all out; a closed account has none."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import browsers, operations, rescue
from accounts.models import Session, User
from accounts.sessions import DEVICE_KEY
from privacy.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db
PAGE, NOW = "/accounts/devices/", timezone.now
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; V2) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36 "
    "MicroMessenger/8.0"
)
DESKTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126 Safari/537.36 Edg/126"
)


@pytest.fixture
def woman():
    return factories.user("林静", phone="13812345678")


def browser(user, agent):
    """Return a browser `user` is signed in with."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[DEVICE_KEY] = browsers.kind(agent)
    session.save()
    return client


def is_in(client):
    return client.get("/me/").status_code == 200


def marks(client):
    return re.findall(r'name="device" value="(\w+)"', client.get(PAGE).content.decode())


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "安卓 · 微信"),
        (DESKTOP, "Windows · Edge"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) CriOS/126 Safari/604.1", "iPhone · Chrome"),
        ("curl/8", "未能识别的浏览器"),
        ("", "未能识别的浏览器"),
    ],
)
def test_a_browser_is_named_by_its_kind(agent, name):
    assert browsers.label(*browsers.kind(agent)) == name


def test_signing_in_notes_the_kind_and_neither_address_nor_header(woman):
    woman.set_password("两江Camellia2026")
    woman.save()
    client = Client(headers={"user-agent": PHONE})
    client.post("/accounts/login/", {"login": woman.phone, "password": "两江Camellia2026"})
    row = Session.objects.get(user=woman)
    assert (row.browser, row.system) == ("wechat", "android")


def test_the_list_marks_this_one_and_shows_no_key_of_a_session(woman):
    here, _phone = browser(woman, DESKTOP), browser(woman, PHONE)
    browser(factories.user("吴桐"), DESKTOP)
    html = here.get(PAGE).content.decode()
    assert html.index("Windows · Edge") < html.index("本机") < html.index("安卓 · 微信")
    assert (html.count("Windows · Edge"), len(marks(here))) == (1, 1)
    assert [row.session_key for row in Session.objects.all() if row.session_key in html] == []
    assert "2 台设备" in here.get("/accounts/").content.decode()


def test_one_is_signed_out_and_the_others_stay(woman):
    here, phone, third = (browser(woman, agent) for agent in (DESKTOP, PHONE, "curl/8"))
    assert is_in(phone)
    mark = next(r.mark for r in Session.objects.of(woman) if r.browser == "wechat")
    answer = here.post(reverse("sign_out_device"), {"device": mark}, follow=True)
    assert "“安卓 · 微信”已退出登录。" in answer.content.decode()
    assert [is_in(client) for client in (here, phone, third)] == [True, False, True]
    again = here.post(reverse("sign_out_device"), {"device": mark}, follow=True)
    assert "这台设备已经不在登录状态。" in again.content.decode()
    assert AuditEntry.objects.filter(action="accounts.sign_out_device").count() == 1


def test_nobody_ends_the_session_of_another(woman):
    here, other = browser(woman, DESKTOP), browser(factories.user("吴桐"), PHONE)
    mark = Session.objects.exclude(user=woman).get(user__isnull=False).mark
    here.post(reverse("sign_out_device"), {"device": mark})
    assert is_in(other)


def test_signing_out_everywhere_ends_all_of_hers_and_no_others(woman):
    here, phone = browser(woman, DESKTOP), browser(woman, PHONE)
    other = browser(factories.user("吴桐"), PHONE)
    answer = here.post(reverse("sign_out_everywhere"), follow=True)
    assert "已在所有设备上退出登录。" in answer.content.decode()
    assert [is_in(client) for client in (here, phone, other)] == [False, False, True]
    assert User.objects.get(pk=woman.pk).device_round == 1


def test_a_closed_account_that_is_opened_again_starts_with_no_session(woman):
    client, by = browser(woman, PHONE), factories.staff("administrator")
    assert is_in(client)
    operations.change_user(user=woman, is_active=False, by=by, now=NOW())
    operations.change_user(user=woman, is_active=True, by=by, now=NOW())
    assert not is_in(client)
    assert Session.objects.filter(user=woman).count() == 0


@pytest.mark.parametrize("what", ["phone", "factor"])
def test_what_an_administrator_does_for_a_lost_phone_ends_its_sessions(woman, what):
    client, by = browser(woman, PHONE), factories.staff("administrator")
    given = {"user": woman, "reason": "本人持证到场", "by": by, "now": NOW()}
    if what == "phone":
        rescue.replace_phone(phone="13900001111", **given)
    else:
        totp.TOTP.activate(woman, "JBSWY3DPEHPK3PXP")
        rescue.reset_second_factor(**given)
    assert not is_in(client)


def test_last_seen_moves_on_every_ten_minutes_and_not_before(woman):
    client = browser(woman, PHONE)
    rows = Session.objects.filter(user=woman)
    just, long_ago = NOW() - timedelta(minutes=5), NOW() - timedelta(hours=5)
    for before, moved in ((just, False), (long_ago, True)):
        rows.update(seen_at=before)
        client.get(PAGE)
        assert (rows.get().seen_at != before) is moved


PASSWORD = {"password1": "Jialing-und-Yangtze", "password2": "Jialing-und-Yangtze"}
SET = "/accounts/password/set/"


def test_a_first_password_needs_a_code(woman, code):
    client = browser(woman, PHONE)
    asked = "/accounts/prove/?next=%2Faccounts%2Fpassword%2Fset%2F"
    assert client.get(SET)["Location"] == asked
    assert client.post(SET, PASSWORD)["Location"] == asked
    assert not User.objects.get(pk=woman.pk).has_usable_password()
    assert client.post(asked, {"send": "1"})["Location"] == asked
    assert client.post(asked, {"code": code(woman.phone)})["Location"] == SET
    client.post(SET, PASSWORD)
    assert User.objects.get(pk=woman.pk).check_password(PASSWORD["password1"])


def test_a_code_she_has_just_signed_in_with_is_proof_enough(woman, client, code):
    client.post("/accounts/login/code/", {"by": "phone", "phone": woman.phone})
    client.post("/accounts/login/code/confirm/", {"code": code(woman.phone)})
    assert client.get(SET).status_code == 200


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/me/data/", "/me/data/"),
        *((away, "/accounts/phone/change/") for away in ("https://example.org/", "//example.org")),
        *(
            (away, "/accounts/phone/change/")
            for away in ("/%5Cexample.org", "javascript:alert(1)", "")
        ),
    ],
)
def test_proof_leads_nowhere_but_within_the_portal(woman, code, asked, leads_to):
    client = browser(woman, PHONE)
    page = f"/accounts/prove/?next={asked}"
    client.post(page, {"send": "1"})
    answer = client.post(page, {"code": code(woman.phone)})
    assert answer["Location"] == leads_to
