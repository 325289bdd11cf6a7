"""Deliveries leave once, whatever happens to the workers."""

import socket
import socketserver
import threading
import time
from datetime import timedelta

import pytest
import requests
from allauth.account.models import EmailAddress

from kernel import gateways
from kernel.errors import Conflict
from notices import operations, sending
from notices.models import Delivery, Notice
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW


def queue(person, obj="1", due_at=NOW):
    words = {"title": "沙龙", "when": NOW, "venue": "A座"}
    return operations.queue("events.promoted", to=person, obj=obj, at=NOW, due_at=due_at, **words)


def at(moment):
    """Return a clock that stands at `moment`."""
    return lambda: moment


@pytest.fixture
def outbox(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    settings.EMAIL_BACKEND = "kernel.gateways.LocalMail"
    return gateways.outbox


class Unreachable:
    """An SMS provider that is down."""

    def send(self, phone, text, *, kind, params):
        raise gateways.GatewayError("provider_down")


class Refusing:
    """An SMS provider that will never take this message."""

    def send(self, phone, text, *, kind, params):
        raise gateways.GatewayError("blocked_number", permanent=True)


@pytest.mark.django_db
def test_what_is_due_goes_out_and_what_is_not_waits(outbox):
    person = factories.user(phone="14000001234")
    queue(person, "1")
    queue(person, "2", due_at=NOW + timedelta(hours=1))
    assert sending.send_due(clock=at(NOW)) == 1
    assert [(m["channel"], m["to"]) for m in outbox()] == [("sms", "14000001234")]
    assert sending.send_due(clock=at(NOW)) == 0
    assert sending.send_due(clock=at(NOW + timedelta(hours=1))) == 1
    assert len(outbox()) == 2


@pytest.mark.django_db
def test_without_a_phone_it_goes_to_her_verified_mail(outbox):
    person = factories.user(phone=None, phone_verified=False)
    EmailAddress.objects.create(user=person, email="w@example.cn", verified=True, primary=True)
    queue(person)
    assert sending.send_due(clock=at(NOW)) == 1
    message = outbox()[0]
    assert (message["channel"], message["to"], message["subject"]) == (
        "mail",
        "w@example.cn",
        "候补成功：沙龙",
    )


@pytest.mark.django_db
def test_nobody_to_write_to_is_a_failure_staff_can_see():
    queue(factories.user(phone=None, phone_verified=False))
    assert sending.send_due(clock=at(NOW)) == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_code) == ("failed", "no_mail_address")


@pytest.mark.django_db
def test_a_provider_that_is_down_is_tried_again_later_and_not_for_ever(settings):
    settings.SMS_GATEWAY = "tests.notices.test_sending.Unreachable"
    queue(factories.user())
    waits, now = [], NOW
    for _ in range(5):
        assert sending.send_due(clock=at(now)) == 0
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.error_code) == ("pending", "provider_down")
        waits.append((delivery.due_at - now).seconds // 60)
        now = delivery.due_at
    assert waits == [2, 4, 8, 16, 32]
    sending.send_due(clock=at(now))
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == ("failed", 6)


class Silent:
    """An SMS provider that takes the message and never answers."""

    def send(self, phone, text, *, kind, params):
        gateways.LocalSms().send(phone, text)
        raise gateways.GatewayError("sms_provider_silent", unsure=True)


@pytest.mark.django_db
def test_a_message_handed_over_without_an_answer_is_unsure_and_never_sent_again(settings, outbox):
    settings.SMS_GATEWAY = "tests.notices.test_sending.Silent"
    queue(factories.user())
    for day in range(3):
        assert sending.send_due(clock=at(NOW + timedelta(days=day))) == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_code) == ("unsure", "sms_provider_silent")
    assert (delivery.attempts, len(outbox())) == (1, 1)


class MailServer(socketserver.StreamRequestHandler):
    """A mail server that answers by its server's `script`: {command: line}, None hangs up silently."""

    def handle(self):
        self.say("220 hello")
        for line in self.rfile:
            word = line.strip().decode().upper().split(" ")[0].split(":")[0]
            if not self.say(self.server.script.get(word, "250 ok")):
                return
            if word == "DATA" and self.server.script.get(word, "").startswith("354"):
                while self.rfile.readline() != b".\r\n":
                    pass
                if not self.say(self.server.script["."]):
                    return

    def say(self, answer):
        if answer is None:
            time.sleep(1)  # past the sender's patience
            return False
        self.wfile.write(f"{answer}\r\n".encode())
        return True


@pytest.fixture
def mail_server(settings):
    """Start a mail server of its own; returns it, to be given a script."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer) as server:
        server.script = {}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_TIMEOUT = 0.3
        yield server
        server.shutdown()


def queue_mail():
    person = factories.user(phone=None, phone_verified=False)
    EmailAddress.objects.create(user=person, email="w@example.cn", verified=True, primary=True)
    queue(person)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("script", "state", "code"),
    [
        ({".": "250 taken"}, "sent", ""),
        ({".": None}, "unsure", "mail_server_silent"),
        ({".": "451 later"}, "pending", "mail_refused_451"),
        ({".": "554 spam"}, "failed", "mail_refused_554"),
        ({"RCPT": "450 busy"}, "pending", "mail_refused_450"),
        ({"RCPT": "550 nobody here"}, "failed", "mail_refused_550"),
    ],
)
def test_what_the_mail_server_answers_decides_whether_it_is_tried_again(
    mail_server, script, state, code
):
    mail_server.script = {"DATA": "354 go on"} | script
    queue_mail()
    sending.send_due(clock=at(NOW))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_code, delivery.attempts) == (state, code, 1)


@pytest.mark.django_db
def test_a_mail_server_that_cannot_be_reached_is_tried_again(settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    queue_mail()
    sending.send_due(clock=at(NOW))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_code) == ("pending", "mail_server_unreachable")


def failure_of(port):
    """Return the error of a request to `port`, wrapped as Alibaba's SDK wraps it."""
    try:
        try:
            requests.post(f"http://127.0.0.1:{port}/", data="x", timeout=0.3)
        except OSError as error:
            raise RuntimeError(str(error))  # noqa: B904 — the SDK keeps no cause either
    except RuntimeError as hidden:
        wrapper = Exception()
        wrapper.inner_exception = hidden
        return wrapper


def test_a_connection_never_opened_is_told_from_one_that_broke():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        refused = closed.getsockname()[1]
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        timed_out = failure_of(silent.getsockname()[1])
    assert gateways.never_connected(failure_of(refused)) is True
    assert gateways.never_connected(timed_out) is False


def queue_reminder(person, good_until=None):
    words = {"title": "沙龙", "when": NOW, "venue": "A座"}
    letter = operations.Letter("events.reminder_day", person, "1", words, good_until=good_until)
    operations.queue_all([letter], at=NOW)


def withdraw_consent(person):
    factories.consent(person, "messages", granted=False)


def close_account(person):
    person.is_active = False
    person.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("meanwhile", "later", "reason"),
    [
        (withdraw_consent, timedelta(), "no_consent"),
        (close_account, timedelta(), "account_closed"),
        (lambda person: None, timedelta(days=5), "too_late"),
    ],
)
def test_consent_and_sense_are_asked_again_when_it_is_sent(outbox, meanwhile, later, reason):
    person = factories.user()
    factories.consent(person, "messages")
    queue_reminder(person, good_until=NOW + timedelta(days=1))
    meanwhile(person)
    assert sending.send_due(clock=at(NOW + later)) == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_code, outbox()) == ("dropped", reason, [])


@pytest.mark.django_db
def test_what_makes_sense_still_goes_out(outbox):
    person = factories.user()
    factories.consent(person, "messages")
    queue_reminder(person, good_until=NOW + timedelta(days=1))
    assert sending.send_due(clock=at(NOW + timedelta(hours=23))) == 1


@pytest.mark.django_db
def test_each_reads_her_own_language(outbox):
    queue(factories.user(language="en"))
    sending.send_due(clock=at(NOW))
    assert "Mon 23 November 2026, 10:00" in outbox()[0]["body"]


class Broken:
    """An SMS gateway with a fault in its own code."""

    def send(self, phone, text, *, kind, params):
        if phone.endswith("1"):
            raise KeyError(phone)
        gateways.LocalSms().send(phone, text)


@pytest.mark.django_db
def test_a_fault_in_a_gateway_stops_nobody_elses_message_and_names_no_number(
    settings, outbox, caplog
):
    settings.SMS_GATEWAY = "tests.notices.test_sending.Broken"
    for phone in ("14000000101", "14000000102"):
        queue(factories.user(phone=phone))
    assert sending.send_due(clock=at(NOW)) == 1
    assert list(Delivery.objects.order_by("pk").values_list("state", "error_code")) == [
        ("unsure", "KeyError"),
        ("sent", ""),
    ]
    assert "14000000101" not in caplog.text


@pytest.mark.django_db
def test_a_permanent_refusal_fails_at_once_and_may_be_sent_again_by_staff(settings, outbox):
    settings.SMS_GATEWAY = "tests.notices.test_sending.Refusing"
    queue(factories.user())
    sending.send_due(clock=at(NOW))
    delivery = Delivery.objects.get()
    assert delivery.state == "failed"
    settings.SMS_GATEWAY = "kernel.gateways.LocalSms"
    administrator = factories.staff("administrator")
    operations.send_again(delivery=delivery, by=administrator, now=NOW)
    with pytest.raises(Conflict) as refusal:
        operations.send_again(delivery=delivery, by=administrator, now=NOW)
    assert refusal.value.code == "delivery_not_failed"
    assert sending.send_due(clock=at(NOW)) == 1
    assert (
        AuditEntry.objects.filter(action="notices.send_again", actor_id=administrator.pk).count()
        == 1
    )


@pytest.mark.django_db
def test_a_withdrawn_notice_is_not_sent(outbox):
    queue(factories.user())
    Notice.objects.update(withdrawn_at=NOW)
    assert sending.send_due(clock=at(NOW)) == 0
    assert (Delivery.objects.get().state, outbox()) == ("dropped", [])
