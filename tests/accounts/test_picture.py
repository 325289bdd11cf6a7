"""Digits in a picture, asked for before a code leaves by SMS while codes run short."""

import re
import threading
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from captcha.models import CaptchaStore
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.picture import DIGITS
from tests import factories

BUDGETS = dict.fromkeys(("phone", "codes", "all"), 10**9) | {"network": 6}
ASKED = "请填写图中的五位数字，再获取一次"
WRONG = "数字与图不符"


@pytest.fixture
def budgets(settings):
    settings.SMS_BUDGETS = BUDGETS
    return settings


def phone(number):
    return f"1409999{number:04d}"


def ask(number, answer=None, client=None, **fields):
    """Ask for a sign-in code; `answer` are the key and the digits of a picture."""
    typed = dict(zip(("picture_0", "picture_1"), answer or (), strict=False))
    form = {"by": "phone", "phone": phone(number)} | typed | fields
    return (client or Client()).post(reverse("account_request_login_code"), form)


def spend(count=3):
    for number in range(count):
        assert ask(number).status_code == 302


def shown(answer):
    """Return (key, digits) of the picture a page shows."""
    key = re.search(r'name="picture_0"\s+value="(\w+)"', answer.content.decode())[1]
    return key, CaptchaStore.objects.get(hashkey=key).response


@pytest.mark.django_db
def test_half_of_a_networks_codes_leave_as_ever_and_the_next_wants_a_picture(budgets, outbox):
    spend()
    answer = ask(3)
    page = answer.content.decode()
    assert (answer.status_code, ASKED in page, len(outbox())) == (200, True, 3)
    assert f'value="{phone(3)}"' in page
    key, digits = shown(answer)
    assert (len(digits), set(digits) <= set(DIGITS)) == (5, True)
    assert ask(3, (key, digits)).status_code == 302
    assert [message["to"] for message in outbox()] == [phone(n) for n in range(4)]


@pytest.mark.django_db
def test_half_of_everybodys_codes_bring_the_picture_to_every_network(settings, outbox):
    settings.SMS_BUDGETS = BUDGETS | {"network": 10**9, "codes": 6}
    spend()
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert ASKED in ask(3, client=elsewhere).content.decode()
    assert len(outbox()) == 3


@pytest.mark.django_db
def test_another_network_is_asked_for_none(budgets):
    spend()
    assert ask(3, client=Client(REMOTE_ADDR="198.51.100.7")).status_code == 302


@pytest.mark.django_db
def test_a_wrong_or_empty_answer_gets_a_new_picture_and_sends_nothing(budgets, outbox):
    spend()
    key, _digits = shown(ask(3))
    answer = ask(3, (key, "00000"))
    assert WRONG in answer.content.decode()
    other, _digits = shown(answer)
    assert other != key
    answer = ask(3, (other, ""))
    assert "请填写图中的五位数字。" in answer.content.decode()
    assert shown(answer)[0] != other
    assert len(outbox()) == 3


@pytest.mark.django_db
def test_a_picture_is_good_for_one_try_right_or_wrong(budgets, outbox):
    spend()
    key, digits = shown(ask(3))
    ask(3, (key, "00000"))
    assert WRONG in ask(3, (key, digits)).content.decode()
    key, digits = shown(ask(3))
    assert ask(3, (key, digits)).status_code == 302
    assert WRONG in ask(4, (key, digits)).content.decode()
    assert len(outbox()) == 4


@pytest.mark.django_db
def test_an_old_picture_is_refused_and_cleared_away(budgets, outbox):
    spend()
    key, digits = shown(ask(3))
    CaptchaStore.objects.update(expiration=timezone.now())
    assert WRONG in ask(3, (key, digits)).content.decode()
    CaptchaStore.objects.update(expiration=timezone.now())
    tasks.clear_expired_pictures()
    assert (CaptchaStore.objects.count(), len(outbox())) == (0, 3)


@pytest.mark.django_db(transaction=True)
def test_one_picture_sends_one_code_however_many_bring_it_at_once(budgets, outbox):
    spend()
    answer, ready = shown(ask(3)), threading.Barrier(4)
    statuses = []

    def bring(number):
        ready.wait()
        statuses.append(ask(number, answer).status_code)

    workers = [threading.Thread(target=bring, args=(10 + number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (sorted(statuses), len(outbox())) == ([200, 200, 200, 302], 4)


@pytest.mark.django_db
def test_digits_are_read_in_full_width_and_with_spaces(budgets):
    spend()
    key, digits = shown(ask(3))
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in digits)
    assert ask(3, (key, f" {wide} ")).status_code == 302


@pytest.mark.django_db
def test_a_slip_elsewhere_costs_no_picture(budgets):
    spend()
    sign_up = reverse("account_signup")
    form = {"by": "phone", "phone": phone(3)}
    answer = Client().post(sign_up, form)
    page = answer.content.decode()
    assert ("请先阅读隐私说明并勾选。" in page, ASKED in page) == (True, False)
    key, digits = shown(answer)
    brought = {"read_notice": "on", "picture_0": key, "picture_1": digits}
    assert Client().post(sign_up, form | brought).status_code == 302


@pytest.mark.django_db
def test_a_new_phone_wants_a_picture_as_well(budgets, outbox):
    spend()
    person = factories.user("林静", phone="13812345678")
    EmailAddress.objects.create(user=person, email="a@example.cn", verified=True, primary=True)
    client = Client()
    client.post(reverse("account_request_login_code"), {"by": "email", "email": "a@example.cn"})
    code = re.findall(r"(?<!\d)\d{6}(?!\d)", outbox()[-1]["body"])[0]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    session = client.session
    session["account_authentication_methods"][-1] |= {"reauthenticated": True}
    session.save()
    answer = client.post(reverse("account_change_phone"), {"phone": phone(9)})
    assert ASKED in answer.content.decode()


@pytest.mark.django_db
def test_mail_wants_none(budgets):
    spend()
    form = {"by": "email", "email": "a@example.cn"}
    assert Client().post(reverse("account_request_login_code"), form).status_code == 302


@pytest.mark.django_db
def test_a_device_she_has_signed_in_with_wants_none(budgets, client, code):
    factories.user("林静", phone=phone(0))
    ask(0, client=client)
    client.post(reverse("account_confirm_login_code"), {"code": code(phone(0))})
    client.post(reverse("account_logout"))
    budgets.ACCOUNT_RATE_LIMITS = False  # a minute later
    for number in range(1, 3):
        ask(number)
    assert ASKED in ask(3).content.decode()
    assert ask(0, client=client).status_code == 302


@pytest.mark.django_db
def test_the_picture_is_a_small_png_kept_by_no_cache(budgets, client):
    spend()
    page = ask(3).content.decode()
    address = re.search(r'class="picture"\s+src="([^"]+)"', page)[1]
    answer = client.get(urlsplit(address).path)
    assert (answer["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    assert "no-store" in answer["Cache-Control"]
    assert len(answer.content) < 20_000
    assert client.get(reverse("captcha-image", args=["0" * 40])).status_code == 410
