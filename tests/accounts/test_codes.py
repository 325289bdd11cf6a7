"""One-time codes: three guesses at whatever pace, used once, sent again everywhere, sent elsewhere on a slip."""

import re
import threading
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts import limits
from accounts.models import User
from tests import factories

PHONE, ADDRESS, PASSWORD = "13812345678", "linjing@example.cn", "两江Camellia2026"
CONFIRM = "account_confirm_login_code"


def make_person():
    user = factories.user("林静", phone=PHONE)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    return user


@pytest.fixture
def person(db):
    return make_person()


def ask(client, contact=PHONE, by="phone"):
    return client.post(reverse("account_request_login_code"), {"by": by, by: contact})


def guess(client, typed, name=CONFIRM):
    return client.post(reverse(name), {"code": typed})


def wrong(code, number=0):
    """Return a code that is not `code`."""
    return f"{(int(code) + 1 + number) % 1_000_000:06}"


def evaluated_of(client, code, guesses):
    """Guess at the same moment, the right code last; return whether somebody got in."""
    ready = threading.Barrier(guesses)
    opened = []

    def one(number):
        mine = Client()
        mine.cookies.update(client.cookies)
        ready.wait()
        answer = guess(mine, code if number == guesses - 1 else wrong(code, number))
        opened.append(answer.status_code == 302 and answer["Location"] == reverse("dashboard"))

    workers = [threading.Thread(target=one, args=(number,)) for number in range(guesses)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return opened


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("counted", "most"), [(True, limits.MOST_GUESSES), (False, 12)])
def test_guesses_at_the_same_moment_are_counted_one_by_one(
    counted, most, monkeypatch, client, code
):
    """The control leaves the counter out: the session's own lets all twelve through."""
    make_person()
    tried = []
    may_guess = limits.may_guess

    def watched(request, expected):
        answer = may_guess(request, expected) if counted else True
        tried.append(answer)
        if not counted:
            time.sleep(0.3)  # all of them have read the session by now
        return answer

    monkeypatch.setattr(limits, "may_guess", watched)
    ask(client)
    evaluated_of(client, code(PHONE), 12)
    assert sum(tried) == most


@pytest.mark.django_db
def test_the_fourth_guess_is_refused_even_when_it_is_right(person, client, code):
    ask(client)
    session = client.session
    for number in range(3):
        guess(client, wrong(code(PHONE), number))
        kept = client.session
        for key, value in session.items():  # as a request that read the session before
            kept[key] = value
        kept.save()
    assert guess(client, code(PHONE)).status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_wrong_codes_are_counted_for_the_account_whatever_phone_address_or_session(
    person, code, settings
):
    settings.ACCOUNT_RATE_LIMITS = {"code_failed": "2/d/key"}
    first, second, third = Client(), Client(), Client()
    ask(first)
    guess(first, wrong(code(PHONE)))
    ask(second, ADDRESS, "email")
    guess(second, wrong(code(ADDRESS)))
    ask(third)
    assert "验证码不正确" in guess(third, code(PHONE)).content.decode()
    assert "_auth_user_id" not in third.session


@pytest.mark.django_db
def test_too_many_wrong_codes_from_one_address_say_how_long_to_wait(person, client, code, settings):
    settings.ACCOUNT_RATE_LIMITS = {"code_failed": "1/10m/ip"}
    ask(client)
    guess(client, wrong(code(PHONE)))
    assert "请 10 分钟后再试" in guess(client, code(PHONE)).content.decode()


def totp_codes(secret):
    """Return the codes an authenticator's clock may show now, oldest first."""
    counter = int(time.time()) // 30
    return [totp.format_hotp_value(totp.hotp_value(secret, counter + step)) for step in (-1, 0, 1)]


@pytest.mark.django_db
def test_a_code_of_the_second_factor_is_good_once(person):
    secret = "JBSWY3DPEHPK3PXP"
    totp.TOTP.activate(person, secret)
    used = totp_codes(secret)[2]  # of a phone that is fast: valid for more than a minute yet
    for expected in (302, 200):
        client = Client()
        client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
        cache.delete(f"allauth.mfa.totp.used?user={person.pk}&code={used}")  # half a minute later
        assert guess(client, used, "mfa_authenticate").status_code == expected
    assert "动态验证码不正确" in guess(client, used, "mfa_authenticate").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("by", "contact"), [("phone", PHONE), ("email", ADDRESS)])
def test_a_sign_in_code_is_sent_again_after_a_minute_and_not_before(
    person, client, outbox, by, contact
):
    ask(client, contact, by)
    page = client.get(reverse(CONFIRM)).content.decode()
    assert "重新发送" in page
    answer = client.post(reverse(CONFIRM), {"action": "resend"}, follow=True)
    assert "请 1 分钟后再试" in answer.content.decode()
    assert len(outbox()) == 1
    cache.clear()
    client.post(reverse(CONFIRM), {"action": "resend"})
    assert [message["to"] for message in outbox()] == [contact, contact]


@pytest.mark.django_db
@pytest.mark.parametrize(("by", "contact"), [("phone", "13899998888"), ("email", "no@example.cn")])
def test_asking_again_tells_nothing_about_the_account(person, client, by, contact):
    ask(client, contact, by)
    cache.clear()
    answer = client.post(reverse(CONFIRM), {"action": "resend"})
    assert answer["Location"] == reverse(CONFIRM)


@pytest.mark.django_db
def test_a_code_for_a_new_password_is_sent_again(person, client, outbox):
    client.post(reverse("account_reset_password"), {"email": ADDRESS})
    page = client.get(reverse("account_confirm_password_reset_code")).content.decode()
    assert f'name="email" value="{ADDRESS}"' in page
    early = client.post(reverse("account_reset_password"), {"email": ADDRESS})
    assert "请 1 分钟后再试" in early.content.decode()
    assert f'value="{ADDRESS}"' in early.content.decode()
    cache.clear()
    client.post(reverse("account_reset_password"), {"email": ADDRESS})
    assert len(outbox()) == 2


SIGN_UP = {"by": "phone", "read_notice": "on", "consent_messages": "on"}


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["13800001111", PHONE], ids=["new", "known"])
def test_a_wrong_number_at_sign_up_is_changed_with_everything_else_kept(
    person, client, code, typed
):
    client.post(reverse("account_signup"), SIGN_UP | {"phone": typed, "password1": PASSWORD})
    assert "号码不对，返回修改" in client.get(reverse("account_verify_phone")).content.decode()
    answer = client.post(reverse("another_contact"))
    assert answer["Location"] == f"{reverse('account_signup')}?by=phone"
    page = client.get(answer["Location"]).content.decode()
    assert f'value="{typed}"' in page and PASSWORD not in page
    assert page.count(" checked") == 2
    client.post(reverse("account_signup"), SIGN_UP | {"phone": "13800002222"})
    guess(client, code("13800002222"), "account_verify_phone")
    assert int(client.session["_auth_user_id"]) == User.objects.get_by_phone("13800002222").pk
    assert "portal_typed" not in client.session


@pytest.mark.django_db
def test_a_number_a_code_went_to_within_the_minute_is_said_at_its_field(client):
    client.post(reverse("account_signup"), SIGN_UP | {"phone": "13800001111"})
    answer = Client().post(reverse("account_signup"), SIGN_UP | {"phone": "13800001111"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["phone"] == ["尝试次数过多，请 1 分钟后再试。"]
    assert 'value="13800001111"' in answer.content.decode()


@pytest.mark.django_db
def test_a_limit_met_by_a_form_leads_back_to_it_with_what_was_typed(person, client, settings):
    client.force_login(person)
    settings.ACCOUNT_RATE_LIMITS = {"manage_email": "1/m/user"}
    page, data = reverse("account_email"), {"action_add": "1", "email": "neu@example"}
    client.post(page, data)
    answer = client.post(page, data, headers={"referer": f"http://testserver{page}"})
    assert answer.status_code == 429
    assert f'href="{page}"' in answer.content.decode()
    assert "除密码外，刚才填写的内容都还在。" in answer.content.decode()
    html = client.get(page).content.decode()
    assert 'value="neu@example"' in html and "刚才没有提交成功" in html


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_visitor_who_met_a_limit_sends_what_she_typed_once_more(client, settings, language):
    """Many sign up in one hall behind one address; without a session the page holds what she typed, no password."""
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    with override(language):
        page = reverse("account_signup") + "?next=/events/"
    client.post(page, SIGN_UP | {"phone": "x"})
    typed = SIGN_UP | {"phone": "138 0000", "password1": "geheim-geheim"}
    answer = client.post(page, typed)
    html = answer.content.decode()
    (form, *_more) = re.findall(r'<form method="post" action="([^"]*)">(.*?)</form>', html, re.S)
    sent = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form[1]))
    assert (answer.status_code, form[0], sent.pop("csrfmiddlewaretoken") != "") == (429, page, True)
    assert sent == SIGN_UP | {"phone": "138 0000"}
    assert "geheim" not in html
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    cache.clear()
    assert 'value="138 0000"' in client.post(page, sent).content.decode()


@pytest.mark.django_db
def test_the_language_she_saved_is_the_one_she_gets(person, client):
    with override("zh-hans"):  # a request leaves its language to the thread
        client.force_login(person)
        answer = client.post(reverse("account_language"), {"language": "en"}, follow=True)
        assert "Language saved" in answer.content.decode()
        client.logout()
        answer = client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
        assert answer["Location"] == "/en/me/"
        client.logout()
        data = {"login": PHONE, "password": PASSWORD, "next": "/accounts/"}
        answer = client.post(reverse("account_login"), data)
        assert (answer.status_code, answer["Location"]) == (302, "/en/accounts/")
