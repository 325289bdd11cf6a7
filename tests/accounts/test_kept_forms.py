"""A session that ends loses nothing: what was sent meanwhile is back in its form after signing in."""

import re
import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import kept
from accounts.middleware import SEEN_KEY
from accounts.models import Session
from privacy.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "两江Camellia2026"
HOST = "http://testserver"


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def woman():
    return with_password(factories.user("林静", phone="13812345678"))


def sign_in(client, user, **more):
    data = {"login": user.phone, "password": PASSWORD}
    return client.post(reverse("account_login"), data | more)


def end_session(client):
    """End the session at the server, as time or another device does: the browser still sends its cookie."""
    Session.objects.all().delete()
    cache.clear()


def redis():
    return cache._cache.get_client()


def kept_names():
    return redis().keys("*kept-form:*")


def next_of(answer):
    return dict(re.findall(r"[?&](next)=([^&]*)", answer["Location"]))


def send_without_session(client, user, path, data, page):
    """Sign in, lose the session, send a form from `page`; returns the page she is led to afterwards."""
    sign_in(client, user)
    end_session(client)
    answer = client.post(path, data, headers={"referer": HOST + page})
    assert answer["Location"] == f"{reverse('account_login')}?next={page}"
    return sign_in(client, user, next=page)


def test_a_form_of_a_page_comes_back_with_what_was_typed(woman, client):
    page = reverse("account_overview")
    answer = send_without_session(
        client, woman, reverse("account_language"), {"language": "en"}, page
    )
    assert answer["Location"] == page
    html = client.get(page).content.decode()
    form = re.search(r'<form[^>]*action="/accounts/language/".*?</form>', html, re.S)[0]
    assert "刚才没有提交成功" in form
    assert re.findall(r'<input[^>]*value="(\S+)"[^>]* checked', form) == ["en"]
    woman.refresh_from_db()
    assert woman.language == "zh-hans"  # nothing is carried out by itself


def test_once_it_was_sent_again_the_page_is_as_ever(woman, client):
    page = reverse("account_overview")
    send_without_session(client, woman, reverse("account_language"), {"language": "en"}, page)
    client.get(page)
    client.post(reverse("account_language"), {"language": "en"})
    woman.refresh_from_db()
    assert woman.language == "en"
    assert "刚才没有提交成功" not in client.get(page).content.decode()


@pytest.mark.parametrize("name", ["account_language", "notices_read"])
def test_an_address_that_is_no_page_leads_to_what_was_sent_and_never_to_a_bare_405(
    woman, client, name
):
    data = {"language": "en", "note": "想带一位同事"}
    sign_in(client, woman)
    end_session(client)
    answer = client.post(reverse(name), data)  # a browser that names no page
    answer = sign_in(client, woman, next=reverse(name))
    answer = client.get(answer["Location"], follow=True)
    assert answer.redirect_chain in ([], [(reverse("kept_form"), 302)])
    html = answer.content.decode()
    assert f'action="{reverse(name)}"' in html
    assert "想带一位同事" in html
    client.post(reverse("kept_form"))
    assert kept_names() == []


def test_a_page_without_room_for_it_leads_to_what_was_sent_and_only_once(woman, client):
    page = reverse("account_overview")
    data = {"language": "en", "note": "写了很久的一段话"}
    send_without_session(client, woman, reverse("account_language"), data, page)
    assert client.get(page)["Location"] == reverse("kept_form")
    assert "写了很久的一段话" in client.get(reverse("kept_form")).content.decode()
    assert client.get(page).status_code == 200


def told(html):
    """Return {what a field is called: what was typed} of the page that shows a kept form."""
    facts = re.findall(r"<dt>(.*?)</dt>\s*<dd>\s*<span[^>]*>(.*?)</span>", html, re.S)
    return {label.strip(): text for label, text in facts}


@pytest.mark.parametrize(
    ("prefix", "unit", "position", "unknown"),
    [("", "工作单位", "职务", "其他内容"), ("/en", "Employer", "Position", "Other")],
)
def test_what_was_typed_stands_beside_what_its_field_is_called(
    woman, client, prefix, unit, position, unknown
):
    data = {"unit_name": "重庆\n研究院", "position": "副主任", "title_level": "2", "note": "另 见"}
    sent, shown = prefix + reverse("profile_step", args=[2]), prefix + reverse("kept_form")
    sign_in(client, woman)
    end_session(client)
    client.post(sent, data)
    sign_in(client, woman)
    html = client.get(shown).content.decode()
    assert told(html) == {unit: "重庆\n研究院", position: "副主任", unknown: "另 见"}


def test_another_account_at_the_same_browser_gets_nothing(woman, client):
    other = with_password(factories.user("周岚", phone="13900001111"))
    sign_in(client, woman)
    end_session(client)
    data = {"language": "en", "note": "林静的身份证"}
    client.post(reverse("account_language"), data, headers={"referer": HOST + "/accounts/"})
    sign_in(client, other)
    assert "刚才没有提交成功" not in client.get("/accounts/").content.decode()
    assert client.get(reverse("kept_form"))["Location"] == reverse("dashboard")


def test_another_browser_gets_nothing(woman, client):
    sign_in(client, woman)
    end_session(client)
    client.post(
        reverse("account_language"), {"language": "en"}, headers={"referer": HOST + "/accounts/"}
    )
    elsewhere = Client()
    sign_in(elsewhere, woman)
    assert "刚才没有提交成功" not in elsewhere.get("/accounts/").content.decode()


def test_what_is_kept_is_sealed_short_lived_and_without_passwords(woman, client):
    sign_in(client, woman)
    end_session(client)
    data = {
        "oldpassword": PASSWORD,
        "password1": "neues-Passwort",
        "note": "身份证500105199001010004",
    }
    client.post(reverse("account_language"), data)
    (name,) = kept_names()
    assert b"500105199001010004" not in redis().get(name)
    assert 1790 < redis().ttl(name) <= 1800
    sign_in(client, woman)
    request = client.get(reverse("kept_form")).wsgi_request
    assert kept.find(request).values == {"note": ["身份证500105199001010004"]}


def test_what_is_too_long_is_said_to_be_lost(woman, client):
    sign_in(client, woman)
    end_session(client)
    answer = client.post(reverse("account_language"), {"note": "长" * 300_000}, follow=True)
    assert "内容也没能保留" in answer.content.decode()
    assert kept_names() == []


@pytest.mark.parametrize(
    "referer",
    [
        "https://evil.example/x",
        "http://testserver.evil.example/",
        "//x",
        "http://testserver//evil.example/",
        "http://testserver/\\evil.example/",
    ],
)
def test_she_is_never_led_off_the_site(woman, client, referer):
    answer = client.post(
        reverse("account_language"), {"language": "en"}, headers={"referer": referer}
    )
    assert next_of(answer) == {"next": reverse("account_language")}


def test_a_suggestion_asked_for_without_a_session_changes_nothing_on_the_page(client):
    asked = {"HX-Request": "true", "HX-Trigger-Name": "unit"}
    answer = client.get(reverse("dashboard"), headers=asked)
    assert (answer.status_code, answer.content) == (401, b"")


def test_any_other_request_of_htmx_moves_the_whole_page(client):
    asked = {"HX-Request": "true", "HX-Current-URL": f"{HOST}/me/profile/?step=2"}
    answer = client.get(reverse("dashboard"), headers=asked)
    assert answer["HX-Redirect"] == "/accounts/login/?next=/me/profile/%3Fstep%3D2"


def test_idle_staff_find_the_long_form_of_the_admin_filled_in(client):
    clerk = with_password(factories.staff("秦岚", "department_clerk", phone="13700001111"))
    sign_in(client, clerk)
    page = reverse("admin:accounts_unit_add")
    client.get(page)
    session = client.session
    session[SEEN_KEY] = time.time() - 31 * 60
    session.save()
    data = {"name": "重庆长江轴承", "kind": "enterprise", "district": "鸳鸯街道", "_save": "保存"}
    answer = client.post(page, data, headers={"referer": HOST + page})
    assert answer["Location"] == f"{reverse('account_login')}?next={page}"
    assert sign_in(client, clerk, next=page)["Location"] == page
    html = client.get(page).content.decode()
    assert "刚才没有提交成功" in html
    assert re.search(r'<input[^>]*name="name"[^>]*value="重庆长江轴承"', html)
    assert re.search(r'<option value="enterprise" selected>', html)
    assert not AuditEntry.objects.filter(action="accounts.add_unit").exists()


def test_a_form_of_a_tab_opened_before_signing_in_again_is_not_lost(woman):
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("account_login"))
    old = client.cookies["csrftoken"].value
    client.force_login(woman)
    client.get(reverse("account_overview"))
    client.cookies["csrftoken"] = "n" * 32
    data = {"language": "en", "csrfmiddlewaretoken": old}
    headers = {"origin": HOST, "referer": f"{HOST}/accounts/"}
    answer = client.post(reverse("account_language"), data, headers=headers)
    assert answer["Location"] == "/accounts/"
    assert "刚才没有提交成功" in client.get("/accounts/").content.decode()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_a_form_of_another_site_is_refused_and_not_kept(woman, origin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(woman)
    client.cookies["csrftoken"] = "n" * 32
    headers = {"origin": origin} if origin else {}
    answer = client.post(reverse("account_language"), {"language": "en"}, headers=headers)
    assert answer.status_code == 403
    assert kept_names() == []


def test_the_sign_in_page_of_a_second_tab_leads_to_her_own_page(woman):
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("account_login"))
    old = client.cookies["csrftoken"].value
    client.force_login(woman)
    client.cookies["csrftoken"] = "n" * 32
    assert client.get(reverse("account_login"))["Location"] == reverse("dashboard")
    data = {"login": woman.phone, "password": PASSWORD, "csrfmiddlewaretoken": old}
    answer = client.post(reverse("account_login"), data, headers={"origin": HOST})
    assert answer["Location"] == reverse("dashboard")


def test_a_code_scanned_at_the_door_without_a_session_moves_the_page_and_is_kept(client):
    staff = with_password(factories.staff("event_organiser", phone="13700001111"))
    page = reverse("door", args=[factories.event(organiser=staff).code])
    sign_in(client, staff)
    end_session(client)
    headers = {"HX-Request": "true", "referer": HOST + page}
    answer = client.post(page, {"code": "ABC123"}, headers=headers)
    assert answer["HX-Redirect"] == f"{reverse('account_login')}?next={page}"
    sign_in(client, staff, next=page)
    assert 'value="ABC123"' in client.get(page).content.decode()


@pytest.mark.parametrize("name", ["door_scans", "door_picture"])
def test_who_signs_in_again_at_the_door_is_back_at_the_door(client, name):
    staff = with_password(factories.staff("event_organiser", phone="13700001111"))
    event = factories.event(organiser=staff)
    page = reverse("door", args=[event.code])
    sign_in(client, staff)
    end_session(client)
    sent = {"data": {"scans": []}, "content_type": "application/json"}
    if name == "door_picture":
        sent = {"data": {"photo": SimpleUploadedFile("a.jpg", b"x")}}
    headers = {"HX-Request": "true", "referer": HOST + page}
    client.post(reverse(name, args=[event.code]), headers=headers, **sent)
    sign_in(client, staff, next=page)
    assert client.get(page).status_code == 200


def test_a_second_factor_asked_for_in_between_loses_nothing_either(client, settings):
    settings.STAFF_SECOND_FACTOR = True
    clerk = with_password(factories.staff("department_clerk", phone="13700001111"))
    secret = "JBSWY3DPEHPK3PXP"
    client.force_login(clerk)  # a session without the factor, which was set up elsewhere
    totp.TOTP.activate(clerk, secret)
    page = reverse("admin:accounts_unit_add")
    data = {"name": "重庆长江轴承", "kind": "enterprise", "_save": "保存"}
    answer = client.post(page, data, headers={"referer": HOST + page})
    assert answer["Location"] == f"{reverse('mfa_reauthenticate')}?next={page.replace('/', '%2F')}"
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    answer = client.post(answer["Location"], {"code": code})
    assert answer["Location"] == page
    assert 'value="重庆长江轴承"' in client.get(page).content.decode()


def test_nobody_who_never_signed_in_can_fill_the_store(client):
    for forged in ({}, {"whose": "abc"}, {"whose": "abc:1tQ:xyz", "sessionid": "forged"}):
        client.cookies.load(forged)
        answer = client.post(reverse("account_language"), {"note": "x" * 1000})
        assert answer["Location"].startswith(reverse("account_login"))
    assert kept_names() == []
    assert Session.objects.count() == 0


def test_one_account_fills_it_sixty_times_an_hour_at_most(woman, client, monkeypatch):
    monkeypatch.setattr(kept, "MOST_AN_HOUR", 3)
    sign_in(client, woman)
    cookie = client.cookies["whose"].value
    for _time in range(5):
        elsewhere = Client()
        elsewhere.cookies["whose"] = cookie
        elsewhere.post(reverse("account_language"), {"note": "x"})
    assert len(kept_names()) == 3
