"""Signing up: by phone or e-mail, with the consents she chose, the same answer for everybody."""

import re
import threading
import time

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.views import EVEN_SECONDS
from privacy.models import AuditEntry, Consent
from tests import factories

pytestmark = pytest.mark.django_db
PHONE = "13812345678"


def form(**fields):
    return {"by": "phone", "read_notice": "on"} | fields


def sign_up(client, **fields):
    return client.post(reverse("account_signup"), form(**fields), follow=True)


def page_text(response):
    """The page without what differs between two requests by itself."""
    html = response.content.decode()
    html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)
    return re.sub(r"138\*{4}\d{4}|\w\*\*\*@example\.cn", "MASKED", html)


def test_she_signs_up_by_phone_and_code_and_is_signed_in(client, outbox, code):
    answer = sign_up(client, phone="+86 138 1234 5678", password1="")
    assert answer.redirect_chain[-1][0] == reverse("account_verify_phone")
    assert [m["to"] for m in outbox()] == [PHONE]
    answer = client.post(reverse("account_verify_phone"), {"code": code(PHONE)})
    assert answer.status_code == 302 and answer["Location"] == reverse("dashboard")
    user = User.objects.get_by_phone(PHONE)
    assert (user.phone, user.phone_verified, user.has_usable_password()) == (PHONE, True, False)
    assert int(client.session["_auth_user_id"]) == user.pk


def test_she_signs_up_by_email_with_a_password(client, code):
    address = "linjing@example.cn"
    answer = sign_up(client, by="email", email="LinJing@example.cn", password1="两江Camellia2026")
    assert answer.redirect_chain[-1][0] == reverse("account_email_verification_sent")
    answer = client.post(reverse("account_email_verification_sent"), {"code": code(address)})
    assert answer["Location"] == reverse("dashboard")
    email = EmailAddress.objects.get(email=address)
    assert email.verified and email.user.check_password("两江Camellia2026")
    assert email.user.phone is None


def test_a_known_and_an_unknown_phone_are_answered_after_a_whole_number_of_quarter_seconds():
    factories.user(phone=PHONE)
    for phone in (PHONE, "13899998888"):
        began = time.monotonic()
        answer = Client().post(reverse("account_signup"), form(phone=phone, password1=""))
        assert (answer.status_code, time.monotonic() - began >= EVEN_SECONDS) == (302, True)


def test_no_consent_is_ticked_beforehand(client):
    html = client.get(reverse("account_signup")).content.decode()
    boxes = re.findall(r'<input type="checkbox"[^>]*>', html)
    assert len(boxes) == 4
    assert [box for box in boxes if "checked" in box] == []


def test_the_consents_she_ticks_are_recorded_once_the_phone_is_hers(client, code):
    sign_up(client, phone=PHONE, consent_talent_database="on", consent_messages="on")
    assert Consent.objects.count() == 0
    client.post(reverse("account_verify_phone"), {"code": code(PHONE)})
    consents = Consent.objects.order_by("id").values_list("purpose", "granted", "source")
    assert list(consents) == [("talent_database", True, "signup"), ("messages", True, "signup")]
    user = User.objects.get_by_phone(PHONE)
    assert not Consent.objects.granted_by(user, "unit_sharing")


def test_without_reading_the_notice_nothing_is_written_and_the_input_is_kept(client):
    answer = client.post(reverse("account_signup"), {"by": "phone", "phone": PHONE})
    assert answer.status_code == 200
    assert "请先阅读隐私说明并勾选。" in answer.content.decode()
    assert f'value="{PHONE}"' in answer.content.decode()
    assert User.objects.count() == 0


def test_wrong_numbers_are_answered_with_what_to_do(client):
    answer = client.post(reverse("account_signup"), form(phone="12345"))
    assert "请填写 11 位中国大陆手机号，例如 13812345678。" in answer.content.decode()


def test_one_of_phone_and_email_is_required(client):
    answer = client.post(reverse("account_signup"), form())
    assert answer.context["form"].errors.keys() == {"phone"}
    answer = client.post(reverse("account_signup"), form(by="email"))
    assert answer.context["form"].errors.keys() == {"email"}


@pytest.mark.parametrize("by", ["phone", "email"])
def test_known_and_unknown_contacts_get_the_same_answer(by, outbox):
    known, unknown = {"phone": (PHONE, "13899998888"), "email": ("a@example.cn", "b@example.cn")}[
        by
    ]
    if by == "phone":
        factories.user(phone=PHONE)
    else:
        owner = factories.user()
        EmailAddress.objects.create(user=owner, email=known, verified=True, primary=True)
    answers = []
    for contact in (known, unknown):
        answers.append(sign_up(Client(), by=by, password1="两江Camellia2026", **{by: contact}))
    first, second = answers
    assert first.redirect_chain == second.redirect_chain
    assert first.status_code == second.status_code == 200
    assert page_text(first) == page_text(second)
    assert [m["to"] for m in outbox()] == [known, unknown]
    assert "直接用" in outbox()[0]["body"]
    # A wrong code is answered alike as well, and resending is offered to both.
    assert (
        ("没收到，重新发送" in page_text(first))
        is ("没收到，重新发送" in page_text(second))
        is True
    )


def test_a_number_somebody_else_only_claimed_gives_him_nothing(client, code):
    stranger = Client()
    sign_up(stranger, phone=PHONE, password1="ich-will-rein-42")
    cache.clear()  # a minute later
    sign_up(client, phone=PHONE)
    client.post(reverse("account_verify_phone"), {"code": code(PHONE)})
    user = User.objects.get_by_phone(PHONE)
    assert User.objects.count() == 1
    assert int(client.session["_auth_user_id"]) == user.pk
    answer = Client().post(
        reverse("account_login"), {"login": PHONE, "password": "ich-will-rein-42"}
    )
    assert "手机号或密码不正确。" in answer.content.decode()


def test_a_password_chosen_by_whoever_claimed_the_address_is_dropped(code):
    address = "linjing@example.cn"
    sign_up(Client(), by="email", email=address, password1="ich-will-rein-42")
    owner = Client()
    owner.post(reverse("account_request_login_code"), {"by": "email", "email": address})
    answer = owner.post(reverse("account_confirm_login_code"), {"code": code(address)})
    assert answer["Location"] == reverse("dashboard")
    user = EmailAddress.objects.get(email=address, verified=True).user
    assert not user.has_usable_password()
    entry = AuditEntry.objects.get(action="accounts.drop_password")
    assert (entry.object_id, entry.actor_id) == (str(user.pk), None)
    assert owner.get(answer["Location"]).status_code == 200


def test_a_wrong_code_is_refused_and_three_end_the_attempt(client):
    sign_up(client, phone=PHONE)
    address = reverse("account_verify_phone")
    for _attempt in range(2):
        answer = client.post(address, {"code": "000000"})
        assert "验证码不正确，请核对后重新输入。" in answer.content.decode()
    assert client.post(address, {"code": "000000"})["Location"] == reverse("account_login")
    assert User.objects.get().phone_verified is False


def test_asking_for_codes_too_often_is_answered_with_how_long_to_wait(client):
    sign_up(client, phone=PHONE)
    answer = sign_up(Client(), phone=PHONE)
    assert answer.context["form"].errors["phone"] == ["尝试次数过多，请 1 分钟后再试。"]


def test_a_second_click_writes_nothing_and_leaves_the_first_sign_up_alone(client, code):
    sign_up(client, phone=PHONE)
    first = User.objects.get().pk
    assert sign_up(Client(), phone=PHONE).status_code == 200
    assert [user.pk for user in User.objects.all()] == [first]
    answer = client.post(reverse("account_verify_phone"), {"code": code(PHONE)})
    assert answer["Location"] == reverse("dashboard")


def test_a_sign_up_that_gave_way_to_another_ends_with_a_sentence(client, code):
    sign_up(client, phone=PHONE)
    old = code(PHONE)
    cache.clear()
    sign_up(Client(), phone=PHONE)
    answer = client.post(reverse("account_verify_phone"), {"code": old})
    assert answer.status_code == 200
    assert "验证码不正确，请核对后重新输入。" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_leave_one_account_and_no_error():
    start, answers = threading.Barrier(6), []

    def click():
        try:
            start.wait(10)
            answers.append(sign_up(Client(raise_request_exception=False), phone=PHONE).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 6
    assert set(answers) <= {200, 429}
    assert User.objects.count() <= 1
