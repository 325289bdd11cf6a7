"""Text messages within the budgets of an hour."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from captcha.models import CaptchaStore
from django.conf import settings as project
from django.core.cache import cache
from django.test import Client

from kernel import gateways, sms_budget

PHONE, OTHER = "14099990001", "14099990002"
PLENTY = dict.fromkeys(project.SMS_BUDGETS, 10**9)


@pytest.fixture(autouse=True)
def outbox(settings, tmp_path):
    """Where messages are written; counting begins anew."""
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.SMS_BUDGETS = PLENTY
    cache.clear()
    return settings.OUTBOX_DIR


def send(phone=PHONE, kind="code", address="203.0.113.9"):
    """Send one; return "sent" or the code of the refusal."""
    try:
        gateways.sms(address).send(phone, "验证码", kind=kind)
    except gateways.GatewayError as error:
        assert (error.permanent, error.unsure) == (False, False)
        return error.code
    return "sent"


def test_one_phone_gets_so_many_and_another_is_not_affected(settings, outbox):
    settings.SMS_BUDGETS = PLENTY | {"phone": 2}
    assert [send() for _ in range(4)] == ["sent", "sent", "sms_budget_phone", "sms_budget_phone"]
    assert send(OTHER) == "sent"
    assert len(gateways.outbox()) == 3


def test_one_network_asks_for_so_many_codes_whatever_its_addresses(settings):
    settings.SMS_BUDGETS = PLENTY | {"network": 2}
    addresses = ["203.0.113.9", "203.0.113.77", "203.0.113.200", "198.51.100.1"]
    sent = [send(f"1409999{n:04d}", address=a) for n, a in enumerate(addresses)]
    assert sent == ["sent", "sent", "sms_budget_network", "sent"]
    addresses = ["2001:db8:1:100::1", "2001:db8:1:1ff::2", "2001:db8:1:1aa::3", "2001:db8:1:200::1"]
    sent = [send(f"1409998{n:04d}", address=a) for n, a in enumerate(addresses)]
    assert sent == ["sent", "sent", "sms_budget_network", "sent"]


def test_spent_codes_keep_no_notice_from_leaving(settings, caplog):
    settings.SMS_BUDGETS = PLENTY | {"codes": 5}
    with caplog.at_level(logging.ERROR):
        sent = [send(f"1409999{n:04d}", address="") for n in range(7)]
    assert sent == ["sent"] * 5 + ["sms_budget_codes"] * 2
    assert caplog.messages == [
        "SMS budget of the hour (codes): half of 5 are spent, now asked for with a picture",
        "SMS budget of the hour (codes): 4 of 5 are spent",
        "SMS budget of the hour (codes): all 5 are spent, no more leave",
    ]
    assert send(kind="events.booked") == "sent"


def test_everything_together_has_an_end(settings):
    settings.SMS_BUDGETS = PLENTY | {"all": 2}
    kinds = ("events.booked", "code", "events.booked")
    sent = [send(f"1409999{n:04d}", kind) for n, kind in enumerate(kinds)]
    assert sent == ["sent", "sent", "sms_budget_all"]


def test_the_next_hour_begins_anew(settings, monkeypatch):
    settings.SMS_BUDGETS = PLENTY | {"phone": 1}
    assert [send(), send()] == ["sent", "sms_budget_phone"]
    later = sms_budget.time.time() + sms_budget.HOUR
    monkeypatch.setattr(sms_budget.time, "time", lambda: later)
    assert send() == "sent"


def test_twenty_at_once_are_counted_one_by_one(settings, outbox):
    settings.SMS_BUDGETS = PLENTY | {"phone": 5}
    with ThreadPoolExecutor(20) as pool:
        sent = list(pool.map(lambda _n: send(), range(20)))
    assert sent.count("sent") == 5
    assert len(gateways.outbox()) == 5


def test_a_control_without_a_budget_all_twenty_leave():
    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(lambda _n: send(), range(20))) == ["sent"] * 20


def test_without_the_counter_codes_still_leave(settings, caplog):
    settings.SMS_BUDGETS = PLENTY | {"phone": 0}
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert send() == "sent"
    assert "SMS not counted: ConnectionError" in caplog.text
    assert sms_budget.codes_run_short("203.0.113.9") is False


def test_no_number_stands_in_the_counter():
    send()
    keys = cache._cache.get_client().keys("*sms:*")
    assert len(keys) == 4
    assert not [key for key in keys if PHONE.encode() in key]


@pytest.mark.django_db
def test_a_form_that_sends_codes_looks_the_same_when_the_budget_is_spent(settings, caplog):
    settings.SMS_BUDGETS = PLENTY | {"network": 1}
    answers = []
    for number in (PHONE, OTHER):
        client = Client(REMOTE_ADDR="203.0.113.9")
        read = CaptchaStore.objects.get(hashkey=CaptchaStore.generate_key())
        form = {"phone": number, "picture_0": read.hashkey, "picture_1": read.response}
        answers.append(client.post("/accounts/login/code/", form))
    assert [(a.status_code, a.get("Location")) for a in answers] == [
        (302, "/accounts/login/code/confirm/")
    ] * 2
    assert len(gateways.outbox()) == 1
    assert "sms_budget_network" in caplog.text
