"""Settings that cannot work are refused at start, by name; tried in processes of their own."""

import subprocess

import pytest

from tools.bootstrap import PYTHON, ROOT

SOUND = {
    "PATH": "/usr/bin:/bin",
    "PORTAL_ENV": "production",
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghijklmnop",
    "FIELD_KEYS": "k2:" + "fedcba9876543210" * 2 + ",k1:" + "0123456789abcdef" * 2,
    "INDEX_KEY": "0123456789abcdef" * 4,
    "DATABASE_URL": "postgresql://portal:secret@db:5432/portal",
    "REDIS_URL": "redis://:secret@redis:6379/0",
    "SITE_URL": "https://portal.example.cn",
    "SMS_GATEWAY": "tests.liangjiang.gateway.Sms",
    "DEFAULT_FROM_EMAIL": "portal@example.cn",
}


def start(**changes):
    """Load the settings as every process does; return (exit code, last line of stderr)."""
    process = subprocess.run(
        [PYTHON, "-c", "from django.conf import settings; settings.DEBUG"],
        cwd=ROOT,
        env=SOUND | {"DJANGO_SETTINGS_MODULE": "liangjiang.settings"} | changes,
        capture_output=True,
        text=True,
    )
    return process.returncode, (process.stderr.strip().splitlines() or [""])[-1]


def test_sound_settings_start():
    assert start() == (0, "")


def test_settings_loaded_again_after_they_were_refused_say_the_same():
    """manage.py does so: the first refusal is kept back until it knows the command."""
    process = subprocess.run(
        [PYTHON, "manage.py", "migrate"],
        cwd=ROOT,
        env=SOUND | {"SMS_GATEWAY": "kernel.gateways.AliyunSms", "ALIYUN_SMS_SIGN": "sign"},
        capture_output=True,
        text=True,
    )
    last = process.stderr.strip().splitlines()[-1]
    assert process.returncode == 1
    assert "The portal does not start: ALIYUN_ACCESS_KEY_ID" in last
    assert "ALIYUN_SMS_TEMPLATES are not set" in last


HEX = "0" * 32
REFUSED = [
    ({"PORTAL_ENV": "prod"}, "PORTAL_ENV is not one of production, development, test"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50 characters, or far too regular"),
    ({"SECRET_KEY": "x" * 60}, "SECRET_KEY is shorter than 50 characters, or far too regular"),
    (
        {"FIELD_KEYS": "junk"},
        "FIELD_KEYS is not a key ring (key 1 is not name:32 hexadecimal digits)",
    ),
    (
        {"FIELD_KEYS": f"k1:{HEX},k1:{'1' * 32}"},
        "FIELD_KEYS is not a key ring (key 2 has the name of an earlier one)",
    ),
    (
        {"FIELD_KEYS": f"k1:{HEX},k2:{HEX}"},
        "FIELD_KEYS is not a key ring (key 2 is an earlier one under a new name)",
    ),
    ({"INDEX_KEY": "abc", "AUDIT_KEY": HEX * 2}, "INDEX_KEY is not 64 hexadecimal digits"),
    ({"AUDIT_KEY": "abc"}, "AUDIT_KEY is not 64 hexadecimal digits"),
    (
        {"DATABASE_URL": "mysql://u:hidden@db/portal"},
        "DATABASE_URL is not an address that begins with postgresql:// or postgres://",
    ),
    (
        {"REDIS_URL": "redis://"},
        "REDIS_URL is not an address that begins with redis:// or rediss://",
    ),
    ({"SITE_URL": "http://a.cn"}, "SITE_URL is not an address that begins with https://"),
    (
        {"SMS_GATEWAY": "kernel.gateways.NoSuch"},
        "SMS_GATEWAY is kernel.gateways.NoSuch, which does not exist",
    ),
    ({"SMS_GATEWAY": "nowhere"}, "SMS_GATEWAY is nowhere, which does not exist"),
    (
        {"SMS_GATEWAY": "kernel.gateways.json"},
        "SMS_GATEWAY is kernel.gateways.json, which cannot send",
    ),
    (
        {"SMS_GATEWAY": "kernel.gateways.LocalSms"},
        "SMS_GATEWAY is the one that only writes files for a developer",
    ),
    (
        {"EMAIL_BACKEND": "kernel.gateways.LocalMail"},
        "EMAIL_BACKEND is the one that only writes files for a developer",
    ),
    (
        {"EMAIL_BACKEND": "django.core.mail.no"},
        "EMAIL_BACKEND is django.core.mail.no, which does not exist",
    ),
    ({"DEFAULT_FROM_EMAIL": "portal"}, "DEFAULT_FROM_EMAIL is not an e-mail address"),
    ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES is less than 0"),
    ({"API_REQUESTS_PER_MINUTE": "0"}, "API_REQUESTS_PER_MINUTE is less than 1"),
    ({"EMAIL_PORT": "70000"}, "EMAIL_PORT is not 1 to 65535"),
]


@pytest.mark.parametrize(("changes", "sentence"), REFUSED)
def test_each_unsound_value_is_refused_by_name(changes, sentence):
    code, said = start(**changes)
    assert code == 1
    assert said.startswith(
        f"django.core.exceptions.ImproperlyConfigured: The portal does not start: {sentence}. "
    )


def test_all_unsound_values_are_named_at_once_and_none_is_repeated():
    secrets = {
        "FIELD_KEYS": "0f" * 16,
        "INDEX_KEY": "3c" * 20,
        "SECRET_KEY": "tooshort",
        "DATABASE_URL": "//:hidden@x",
    }
    code, said = start(**secrets)
    assert code == 1
    assert [name in said for name in secrets] == [True] * 4
    assert [value in said for value in secrets.values()] == [False] * 4


def test_a_gateway_names_what_it_lacks():
    code, said = start(SMS_GATEWAY="tests.liangjiang.gateway.Lacking")
    assert code == 1
    assert "GATEWAY_KEY is not set" in said
    assert (
        "tests.liangjiang.gateway.Lacking, whose package no_such_package is not installed" in said
    )


def test_a_developer_may_send_into_files():
    assert start(PORTAL_ENV="development", SMS_GATEWAY="kernel.gateways.LocalSms") == (0, "")


def test_cookies_of_production_belong_to_this_host_alone():
    names = (
        "settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_SECURE"
    )
    process = subprocess.run(
        [PYTHON, "-c", f"from django.conf import settings; print(*({names}))"],
        cwd=ROOT,
        env=SOUND | {"DJANGO_SETTINGS_MODULE": "liangjiang.settings"},
        capture_output=True,
        text=True,
    )
    assert process.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", "True"]
