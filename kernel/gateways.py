"""Where SMS and mail leave the portal: a provider in production, a local folder in development.

Which SMS gateway is used is a setting (SMS_GATEWAY, a dotted path); mail uses Django's EMAIL_BACKEND.
The local ones write each message as a file into OUTBOX_DIR, which the page /outbox/ shows.
"""

import json
import os
import secrets
from datetime import UTC, datetime

import orjson
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string

from kernel import env, sms_budget

# What signing in and up sends: anybody may ask for it.
CODES = ("code", "unknown_account", "account_exists")


class GatewayError(Exception):
    """The provider did not take the message, or did not say whether it did.

    `code` is stable. `permanent`: it will never take this one. `unsure`: the message was handed over
    and no answer came, so trying again might tell somebody twice. Neither: trying again is safe.
    """

    def __init__(self, code, *, permanent=False, unsure=False):
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.unsure = unsure


def sms(address=""):
    """Return the SMS gateway the settings name, within the budgets of the hour (kernel.sms_budget).

    Its `send(phone, text, *, kind, params)` takes an 11-digit number, the finished sentence, and, for
    providers that only send registered templates, the notice kind and its placeholders. It returns
    None or raises GatewayError. `address` is the network address of whoever asked for a code.
    """
    return _WithinBudget(import_string(settings.SMS_GATEWAY)(), address)


class _WithinBudget:
    """A gateway that sends nothing past a budget; a notice is tried again later, a code is not."""

    def __init__(self, gateway, address):
        self.gateway, self.address = gateway, address

    def send(self, phone, text, *, kind="code", params=None):
        """Send, or raise GatewayError with the code of the budget that is spent."""
        is_code = kind in CODES
        if budget := sms_budget.overspent(phone, is_code=is_code, address=self.address):
            raise GatewayError(f"sms_budget_{budget}")
        return self.gateway.send(phone, text, kind=kind, params=params)


def _write(channel, to, subject, body):
    folder = settings.OUTBOX_DIR
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    message = {
        "channel": channel,
        "to": to,
        "subject": subject,
        "body": body,
        "at": now.isoformat(),
    }
    name = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    unfinished = folder / f".{name}"
    unfinished.write_bytes(orjson.dumps(message))
    os.replace(unfinished, folder / f"{name}.json")


def outbox(limit=100):
    """Return the newest local messages, newest first: dicts of channel, to, subject, body, at."""
    files = sorted(settings.OUTBOX_DIR.glob("*.json"), reverse=True)[:limit]
    read = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    return [message | {"moment": datetime.fromisoformat(message["at"])} for message in read]


# What urllib3 and requests call a connection that was not opened.
NOT_CONNECTED = {
    "NewConnectionError",
    "ConnectTimeoutError",
    "ConnectTimeout",
    "NameResolutionError",
}


class LocalSms:
    """Development: a file in OUTBOX_DIR instead of a text message."""

    def send(self, phone, text, *, kind="code", params=None):
        """Write the message down."""
        _write("sms", phone, "", text)


class LocalMail(BaseEmailBackend):
    """Development: a file in OUTBOX_DIR instead of a mail."""

    def send_messages(self, messages):
        """Write each message down, once for each recipient."""
        for message in messages:
            for address in message.recipients():
                _write("mail", address, message.subject, message.body)
        return len(messages)


def never_connected(error):
    """Tell whether an error of an HTTP client means that no connection was ever opened.

    Looks through the errors it wraps (Alibaba's SDK hides those of requests, and those of urllib3).
    Whatever happened on an open connection may have happened after the message was handed over.
    """
    seen, waiting = set(), [error]
    while waiting:
        error = waiting.pop()
        if not isinstance(error, BaseException) or id(error) in seen:
            continue
        seen.add(id(error))
        if type(error).__name__ in NOT_CONNECTED:
            return True
        inner = (getattr(error, name, None) for name in ("inner_exception", "reason"))
        waiting += [error.__cause__, error.__context__, *error.args, *inner]
    return False


class AliyunSms:
    """Alibaba Cloud SMS (requirements/aliyun.txt).

    Mainland providers send registered templates only: ALIYUN_SMS_TEMPLATES maps our kinds to theirs,
    "code=SMS_1001,app.kind=SMS_1002"; the placeholders travel as the template's parameters.
    """

    package = "alibabacloud_dysmsapi20170525"
    needs = (
        "ALIYUN_ACCESS_KEY_ID",
        "ALIYUN_ACCESS_KEY_SECRET",
        "ALIYUN_SMS_SIGN",
        "ALIYUN_SMS_TEMPLATES",
    )
    # Refusals that pass; each is an answer, so the message was not taken.
    PASSING = {"isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "ServiceUnavailable", "Throttling"}

    def __init__(self):
        try:
            from alibabacloud_dysmsapi20170525 import client, models
            from alibabacloud_tea_openapi.models import Config
            from darabonba.runtime import RuntimeOptions
        except ImportError as error:
            raise GatewayError("aliyun_sdk_not_installed", permanent=True) from error
        self.models = models
        self.once = RuntimeOptions(autoretry=False, connect_timeout=3000, read_timeout=10_000)
        self.sign = env.text("ALIYUN_SMS_SIGN", "")
        pairs = env.listing("ALIYUN_SMS_TEMPLATES", [])
        self.templates = dict(pair.split("=", 1) for pair in pairs)
        self.client = client.Client(
            Config(
                access_key_id=env.secret("ALIYUN_ACCESS_KEY_ID", ""),
                access_key_secret=env.secret("ALIYUN_ACCESS_KEY_SECRET", ""),
                endpoint="dysmsapi.aliyuncs.com",
            )
        )

    def send(self, phone, text, *, kind="code", params=None):
        """Send the template registered for `kind`."""
        template = self.templates.get(kind)
        if not template:
            raise GatewayError("sms_template_missing", permanent=True)
        request = self.models.SendSmsRequest(
            phone_numbers=phone,
            sign_name=self.sign,
            template_code=template,
            template_param=json.dumps(params or {}, ensure_ascii=False),
        )
        try:
            answer = self.client.send_sms_with_options(request, self.once).body
        except Exception as error:  # the SDK raises its own and the socket's errors alike
            if never_connected(error):
                raise GatewayError("sms_provider_unreachable") from error
            raise GatewayError("sms_provider_silent", unsure=True) from error
        if answer.code != "OK":
            raise GatewayError(answer.code or "unknown", permanent=answer.code not in self.PASSING)
