"""The way into the admin: the portal's own sign-in, a second factor, and no idling."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.contrib.messages.storage.cookie import CookieStorage
from django.urls import reverse

from accounts.staff_site import StaffSecondFactor
from kernel.access import public
from privacy.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "两江Camellia2026"
INDEX = "/admin/"


@pytest.fixture(autouse=True)
def _strict(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def clerk():
    person = factories.staff("department_clerk", phone="13812345678")
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client, **more):
    data = {"login": "13812345678", "password": PASSWORD} | more
    return client.post(reverse("account_login"), data)


def current_code(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def test_the_anonymous_sign_in_at_the_portal_and_come_back(client):
    answer = client.get("/admin/accounts/user/?q=x", follow=True)
    path, _status = answer.redirect_chain[-1]
    assert path.startswith(reverse("account_login") + "?next=")
    assert answer.context["redirect_field_value"] == "/admin/accounts/user/?q=x"
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302


def test_the_admin_login_does_not_send_people_off_the_site(client):
    answer = client.get("/admin/login/?next=https://example.com/")
    assert answer["Location"] == f"{reverse('account_login')}?next=/admin/"


def test_people_who_are_no_staff_get_403(client):
    client.force_login(factories.user())
    assert client.get(INDEX).status_code == 403


@pytest.mark.django_db(transaction=True)  # allauth reports the new factor after the commit
def test_a_clerk_without_a_second_factor_is_sent_to_set_one_up_and_gets_in(client, clerk):
    sign_in(client)
    answer = client.get(INDEX, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("mfa_index")
    assert "进入工作台前，请先开启双重验证" in answer.content.decode()
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("account_reauthenticate"))
    page = client.post(
        page.request["PATH_INFO"] + "?next=/accounts/2fa/totp/activate/",
        {"password": PASSWORD},
        follow=True,
    )
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": current_code(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(INDEX).status_code == 200
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"accounts.sign_in", "accounts.add_authenticator"} <= actions


def test_with_a_second_factor_the_password_alone_is_not_enough(client, clerk):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(clerk, secret)
    answer = sign_in(client)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get(INDEX).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": current_code(secret)})
    assert client.get(INDEX).status_code == 200


def test_a_session_older_than_the_second_factor_is_asked_for_it(client, clerk):
    sign_in(client)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(clerk, secret)
    answer = client.get(INDEX)
    assert answer["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2F"
    answer = client.post(
        reverse("mfa_reauthenticate"), {"code": current_code(secret), "next": INDEX}
    )
    assert answer["Location"] == INDEX
    assert client.get(INDEX).status_code == 200


def test_a_recovery_code_stands_in_once(client, clerk):
    totp.TOTP.activate(clerk, totp.generate_totp_secret())
    spare = RecoveryCodes.activate(clerk).get_unused_codes()[0]
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": spare})
    assert client.get(INDEX).status_code == 200
    client.logout()
    sign_in(client)
    answer = client.post(reverse("mfa_authenticate"), {"code": spare})
    assert "动态验证码不正确" in answer.content.decode()


def test_staff_cannot_drop_their_last_second_factor(client, clerk):
    totp.TOTP.activate(clerk, totp.generate_totp_secret())
    sign_in(client)
    secret = totp.TOTP(Authenticator.objects.get(user=clerk)).instance
    plain = decrypt(secret.data["secret"])
    client.post(reverse("mfa_authenticate"), {"code": current_code(plain)})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert "工作人员须保留双重验证" in answer.content.decode()
    assert Authenticator.objects.filter(user=clerk, type="totp").exists()


def test_a_relaxed_setting_lets_staff_in_and_says_so_on_the_page(client, clerk, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(clerk)
    assert "未强制双重验证" in client.get(INDEX).content.decode()
    settings.STAFF_SECOND_FACTOR = True
    assert client.get(INDEX).status_code == 302


def test_idle_staff_are_signed_out_with_a_sentence(client, clerk, settings):
    settings.STAFF_SECOND_FACTOR = False
    settings.STAFF_IDLE_SECONDS = 1800
    client.force_login(clerk)
    assert client.get(INDEX).status_code == 200
    session = client.session
    session["portal_staff_seen"] = time.time() - 1801
    session.save()
    answer = client.get(INDEX, follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert "您已超过 30 分钟没有操作" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_people_who_are_no_staff_may_idle(client):
    person = factories.user()
    client.force_login(person)
    session = client.session
    session["portal_staff_seen"] = 1
    session.save()
    assert client.get(reverse("account_overview")).status_code == 200


def test_admin_pages_carry_their_own_policy_and_are_never_stored(client, clerk, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(clerk)
    answer = client.get(INDEX)
    policy = answer["Content-Security-Policy"]
    assert "'unsafe-eval'" in policy
    assert not re.search(r"script-src[^;]*unsafe-inline", policy)
    assert "no-store" in answer["Cache-Control"]
    public = client.get(reverse("account_overview"))["Content-Security-Policy"]
    assert "unsafe" not in public


@pytest.mark.parametrize("address", ["/accounts/email/", "/accounts/2fa/", "/privacy/"])
def test_a_page_made_for_a_session_is_kept_by_no_cache(client, address):
    client.force_login(factories.user(), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


def test_the_door_and_her_own_page_ask_for_the_second_factor_as_the_admin_does(client, clerk):
    event = factories.event(organiser=clerk, department=clerk.department)
    door = f"/events/{event.code}/door/"
    client.force_login(clerk)
    for address in (door, "/me/"):
        assert client.get(address)["Location"] == "/accounts/2fa/", address
    for address in ("/accounts/", "/accounts/2fa/", f"/events/{event.code}/"):
        assert client.get(address).status_code == 200, address
    woman = factories.talent().user
    client.force_login(woman)
    assert client.get("/me/").status_code == 200


def test_a_view_without_a_mark_is_held_back_and_its_control_is_not(rf, clerk):
    """Somebody forgot to say who may use it: staff without a second factor do not get in."""

    def forgotten(request):
        """Say nothing about who may use this."""

    gate, request = StaffSecondFactor(lambda request: None), rf.get("/anything/")
    request.user = clerk
    request.session, request._messages = {}, CookieStorage(request)
    held = gate.process_view(request, forgotten, (), {})
    assert (held.status_code, held.url) == (302, reverse("mfa_index"))
    assert gate.process_view(request, public(forgotten), (), {}) is None
