"""A gateway that fails while a code is asked for: a sentence, never a 500, and she may try again."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kernel.gateways import GatewayError
from tests import factories

pytestmark = pytest.mark.django_db
PHONE, SAID = "13812345678", "验证码暂时没能发出，请 1 分钟后点“重新发送”，或换一种方式。"
SIGN_UP = {"by": "phone", "read_notice": "on"}


class Away:
    """A provider that does not answer."""

    def send(self, phone, text, *, kind="code", params=None):
        raise GatewayError("sms_provider_unreachable")


@pytest.fixture
def _away(settings):
    settings.SMS_GATEWAY = f"{__name__}.Away"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


@pytest.mark.usefixtures("_away")
@pytest.mark.parametrize("contact", ["phone", "email"])
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("page", ["account_request_login_code", "account_signup"])
def test_it_is_said_alike_to_known_and_unknown_contacts(page, contact, known, client):
    if known:
        factories.user("林静", phone=PHONE).emailaddress_set.create(
            email="lin@example.cn", verified=True, primary=True
        )
    typed = {"by": contact, contact: PHONE if contact == "phone" else "lin@example.cn"}
    answer = client.post(reverse(page), SIGN_UP | typed, follow=True)
    assert (answer.status_code, answer.content.decode().count(SAID)) == (200, 1)


def test_what_failed_is_tried_again_with_nothing_lost(client, code, settings):
    working, settings.SMS_GATEWAY = settings.SMS_GATEWAY, f"{__name__}.Away"
    client.post(reverse("account_signup"), SIGN_UP | {"phone": PHONE})
    verify = reverse("account_verify_phone")
    settings.SMS_GATEWAY = working
    cache.clear()  # a minute later
    client.post(verify, {"action": "resend"})
    client.post(verify, {"code": code(PHONE)})
    assert "_auth_user_id" in client.session


@pytest.mark.usefixtures("_away")
def test_proving_herself_and_a_new_password_say_it_too():
    person = factories.user("林静", phone=PHONE)
    person.emailaddress_set.create(email="lin@example.cn", verified=True, primary=True)
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    assert SAID in client.post(reverse("prove_again"), {"send": "1"}, follow=True).content.decode()
    reset = Client().post(
        reverse("account_reset_password"), {"email": "lin@example.cn"}, follow=True
    )
    assert (reset.status_code, SAID in reset.content.decode()) == (200, True)
