"""What strangers fail at slows them down; it does not shut her out of a browser she has signed in with."""

import threading

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from accounts import devices
from accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
PHONE, PASSWORD = "13812345678", "两江Camellia2026"
ATTACKER = "203.0.113.9"


@pytest.fixture
def woman():
    user = factories.user("林静", phone=PHONE)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, password=PASSWORD, phone=PHONE, **more):
    data = {"login": phone, "password": password}
    return client.post(reverse("account_login"), data, **more)


def ask(client, phone=PHONE):
    return client.post(reverse("account_request_login_code"), {"by": "phone", "phone": phone})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def end_session(client):
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


@pytest.fixture
def hers(woman):
    """Return a browser she has signed in with, signed out again."""
    client = Client()
    sign_in(client)
    end_session(client)
    return client


def attack(times):
    for _try in range(times):
        sign_in(Client(), "wrong-wrong", REMOTE_ADDR=ATTACKER)


def test_failed_sign_ins_of_a_stranger_do_not_shut_out_her_own_browser(hers):
    attack(12)
    sign_in(stranger := Client(), REMOTE_ADDR=ATTACKER)
    sign_in(control := Client())  # she at a browser that never signed in
    sign_in(hers)
    assert [is_signed_in(c) for c in (stranger, control, hers)] == [False, False, True]


def test_her_own_browser_has_a_small_cap_and_says_how_long(hers):
    for _try in range(10):
        answer = sign_in(hers, "wrong-wrong")
        assert "手机号或密码不正确。" in answer.content.decode()
    assert "尝试次数过多，请 10 分钟后再试。" in sign_in(hers).content.decode()
    sign_in(other := Client())
    assert is_signed_in(other)  # what she failed at there closes nothing elsewhere


def copy_of(client):
    """Return another browser with the same cookie."""
    copied = Client()
    copied.cookies[devices.COOKIE] = client.cookies[devices.COOKIE].value
    return copied


def test_a_copied_cookie_shares_the_cap_and_opens_nothing(hers):
    for _try in range(10):
        sign_in(copy_of(hers), "wrong-wrong")
    sign_in(copied := copy_of(hers))
    assert not is_signed_in(copied)


def test_a_cookie_of_one_account_says_nothing_for_another(hers):
    other = factories.user("吴桐", phone="13899998888")
    other.set_password(PASSWORD)
    other.save()
    for _try in range(5):
        sign_in(Client(), "wrong-wrong", phone=other.phone, REMOTE_ADDR=ATTACKER)
    sign_in(hers, phone=other.phone)
    assert not is_signed_in(hers)


def test_two_who_share_a_computer_are_both_known_there(hers):
    other = factories.user("吴桐", phone="13899998888")
    other.set_password(PASSWORD)
    other.save()
    sign_in(hers, phone=other.phone)
    end_session(hers)
    attack(6)
    sign_in(hers)
    assert is_signed_in(hers)


@pytest.mark.parametrize("cookie", ["", "a.b", "x:y:z", "\x00", "ü" * 40, "a" * 5000])
def test_an_odd_cookie_is_a_strange_browser(woman, cookie):
    attack(5)
    client = Client()
    client.cookies[devices.COOKIE] = cookie
    assert "尝试次数过多" in sign_in(client).content.decode()


def test_it_names_nobody(hers, woman):
    value = hers.cookies[devices.COOKIE].value
    assert PHONE not in value and woman.code not in value
    assert hers.cookies[devices.COOKIE]["httponly"] is True


def test_a_new_password_makes_strangers_of_all_other_browsers(hers, woman):
    here = Client()
    sign_in(here)
    new = {"oldpassword": PASSWORD, "password1": "Jialing-und-Yangtze"}
    here.post(reverse("account_change_password"), new | {"password2": new["password1"]})
    assert User.objects.get(pk=woman.pk).check_password("Jialing-und-Yangtze")
    here.get(reverse("account_overview"))
    end_session(here)
    attack(6)
    for client in (hers, here):
        sign_in(client, "Jialing-und-Yangtze")
    assert [is_signed_in(hers), is_signed_in(here)] == [False, True]


def test_codes_strangers_asked_for_do_not_keep_hers_from_her_own_browser(hers, outbox, code):
    ask(Client())
    assert (
        "请 1 分钟后再试" in ask(Client()).content.decode()
    )  # the control: a strange browser waits
    assert ask(hers).status_code == 302
    assert len(outbox()) == 2
    hers.post(reverse("account_confirm_login_code"), {"code": code(PHONE)})
    assert is_signed_in(hers)


def test_her_own_browser_waits_between_its_codes_as_well(hers, outbox):
    ask(copy_of(hers))
    assert "请 1 分钟后再试" in ask(copy_of(hers)).content.decode()
    assert len(outbox()) == 1


def test_wrong_codes_of_a_stranger_do_not_close_hers(hers, code, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "code_failed": "2/d/key",
        "request_login_code": "",
    }
    confirm = reverse("account_confirm_login_code")
    for _try in range(2):
        stranger = Client()
        ask(stranger)
        stranger.post(confirm, {"code": "000000" if code(PHONE) != "000000" else "111111"})
    ask(control := Client())
    control.post(confirm, {"code": code(PHONE)})
    ask(hers)
    hers.post(confirm, {"code": code(PHONE)})
    assert [is_signed_in(control), is_signed_in(hers)] == [False, True]


def test_codes_are_limited_in_sum_whatever_they_are_for(woman, outbox, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "verify_phone": "",
        "request_login_code": "",
    }
    sign_up = {"by": "phone", "phone": PHONE, "read_notice": "on"}
    for _round in range(3):
        ask(Client())
        Client().post(reverse("account_signup"), sign_up)
    assert len(outbox()) == 6
    refused = [ask(Client()), Client().post(reverse("account_signup"), sign_up)]
    texts = [answer.context["form"].errors["phone"] for answer in refused]
    assert texts == [["尝试次数过多，请 60 分钟后再试。"]] * 2
    assert len(outbox()) == 6


def test_what_an_account_asks_for_is_limited_in_sum_whatever_the_number(woman, outbox, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "change_phone": "",
        "codes_account": "3/h/key",
    }
    client = Client()
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    change = reverse("account_change_phone")
    for number in range(3):
        assert client.post(change, {"phone": f"1390000000{number}"}).status_code == 302
    answer = client.post(change, {"phone": "13900000009"})
    assert answer.context["form"].errors["phone"] == ["尝试次数过多，请 60 分钟后再试。"]
    assert len(outbox()) == 3


# --- the second factor ------------------------------------------------------------------------------

SECRET = "JBSWY3DPEHPK3PXP"
SECOND = "mfa_authenticate"


def app_code():
    """Return what the authenticator app shows."""
    return totp.format_hotp_value(
        totp.hotp_value(SECRET, next(iter(totp.yield_hotp_counters_from_time())))
    )


def second_factor(client, typed, **more):
    """Sign in with the right password and type a code; returns the answer's text."""
    sign_in(client, **more)
    return client.post(reverse(SECOND), {"code": typed}, **more).content.decode()


@pytest.fixture
def with_app(woman):
    """Return a browser she has signed in with, both factors, signed out again."""
    client = Client()
    sign_in(client)
    end_session(client)
    totp.TOTP.activate(woman, SECRET)
    return client


def guess_second_factor(times):
    for _try in range(times):
        second_factor(Client(), "000000", REMOTE_ADDR=ATTACKER)


def test_a_strangers_second_factors_do_not_shut_out_her_own_browser(with_app):
    """He has her password; five in five minutes close it for whoever is not known."""
    guess_second_factor(6)
    second_factor(control := Client(), app_code())
    second_factor(with_app, app_code())
    assert [is_signed_in(control), is_signed_in(with_app)] == [False, True]


def test_her_own_browser_has_a_small_cap_for_the_second_factor(with_app):
    for _try in range(10):
        assert "动态验证码不正确" in second_factor(with_app, "000000")
    assert "尝试次数过多，请 60 分钟后再试。" in second_factor(with_app, app_code())
    assert not is_signed_in(with_app)


def test_codes_of_an_app_are_limited_for_a_day_from_wherever_they_are_typed(with_app, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "login_failed": "",
        "code_failed": "4/d/key",
    }
    for number in range(4):
        second_factor(Client(), "000000", REMOTE_ADDR=f"198.51.{number}.1")
    assert "尝试次数过多" in second_factor(control := Client(), app_code())
    second_factor(with_app, app_code())
    assert [is_signed_in(control), is_signed_in(with_app)] == [False, True]


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_do_not_break_the_cap_of_her_browser(with_app):
    """A thief of the browser's mark has her password, too; each request is a session of its own."""
    thieves = [copy_of(with_app) for _ in range(14)]
    for thief in thieves:
        sign_in(thief)
    looked_at, ready = [], threading.Barrier(len(thieves))

    def guess(client):
        ready.wait()
        answer = client.post(reverse(SECOND), {"code": "000000"})
        looked_at.append("动态验证码不正确" in answer.content.decode())

    workers = [threading.Thread(target=guess, args=(thief,)) for thief in thieves]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (len(looked_at), sum(looked_at) <= 10) == (14, True)


# --- a new password by mail -------------------------------------------------------------------------

ADDRESS = "linjing@example.cn"
RESET, CONFIRM = "account_reset_password", "account_confirm_password_reset_code"


@pytest.fixture
def by_mail(woman):
    EmailAddress.objects.create(user=woman, email=ADDRESS, verified=True, primary=True)
    return woman


def forgotten(client, **more):
    return client.post(reverse(RESET), {"email": ADDRESS}, **more)


def wrong_of(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_stranger_uses_up_neither_her_mails_nor_her_tries(by_mail, outbox, code, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "reset_password_code": "2/d/key",
        "code_failed": "6/d/key",
    }
    for _round in range(2):
        forgotten(stranger := Client(), REMOTE_ADDR=ATTACKER)
        for _try in range(3):
            typed = {"code": wrong_of(code(ADDRESS))}
            stranger.post(reverse(CONFIRM), typed, REMOTE_ADDR=ATTACKER)
    assert "尝试次数过多" in forgotten(Client(), REMOTE_ADDR=ATTACKER).content.decode()
    hers = Client()  # a browser nobody knows, in her own network
    assert forgotten(hers).status_code == 302
    answer = hers.post(reverse(CONFIRM), {"code": code(ADDRESS)})
    assert answer["Location"] == reverse("account_complete_password_reset")
    assert len(outbox()) == 3


def test_a_code_for_a_new_password_has_three_tries_wherever_it_is_typed(by_mail, code):
    forgotten(hers := Client())
    for number in range(3):
        typed = {"code": wrong_of(code(ADDRESS))}
        hers.post(reverse(CONFIRM), typed, REMOTE_ADDR=f"198.51.{number}.1")
    answer = hers.post(reverse(CONFIRM), {"code": code(ADDRESS)})
    assert answer.get("Location") != reverse("account_complete_password_reset")


def test_mails_to_one_address_have_a_limit_from_everywhere(by_mail, outbox, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"mails": "3/h/key"}
    for number in range(5):
        forgotten(Client(), REMOTE_ADDR=f"198.51.{number}.1")
    assert len(outbox()) == 3


def test_her_own_browser_asks_for_a_new_password_by_itself(hers, by_mail, outbox, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"mails": "1/h/key"}
    forgotten(Client(), REMOTE_ADDR=ATTACKER)
    assert "尝试次数过多" in forgotten(Client()).content.decode()  # the control: a strange browser
    assert forgotten(hers).status_code == 302
    assert len(outbox()) == 2
