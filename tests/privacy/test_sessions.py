"""The table of sessions does not show what they hold; Redis knows none."""

import base64
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from redis import Redis

from accounts.tasks import clear_expired_sessions
from privacy.sessions import SessionStore
from tests import factories

pytestmark = pytest.mark.django_db


def in_redis():
    """Return all the raw bytes Redis keeps of sessions."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        return [name for name in redis.scan_iter("*") if b"session" in name]


def test_a_number_and_its_code_are_sealed_in_the_table_and_kept_nowhere_else(client):
    factories.user("周敏", phone="13812345678")
    client.post("/accounts/login/code/", {"phone": "13812345678", "by": "phone"})
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    waiting = client.session["account_login"]["state"]["stages"]["login_by_code"]["data"]
    assert waiting["phone"] == "13812345678"
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session WHERE session_key = %s", [key])
        (stored,) = cursor.fetchone()
    assert Session(session_data=stored).get_decoded() == {}  # Django's own key does not open it
    assert b"13812345678" not in base64.b64decode(stored)
    assert in_redis() == []


@pytest.mark.parametrize(
    "cookie", ["\x00" * 32, "a" * 31 + "\x00", "ü" * 32, "x" * 5000, "../../etc", "A" * 32, "'--"]
)
def test_an_odd_cookie_is_no_session_and_no_fault(client, cookie):
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert client.get("/accounts/").status_code == 302
    assert client.get("/").status_code == 200
    assert client.post("/accounts/login/", {"login": "x"}).status_code == 200


@pytest.mark.parametrize("text", ["", "%%", "eyJhIjoxfQ:1abc:signed", "AAAA"])
def test_what_was_not_sealed_here_is_an_empty_session(text):
    assert SessionStore().decode(text) == {}


def test_a_session_past_its_end_leaves_the_table(client):
    client.force_login(factories.user())
    ended = SessionStore()
    ended.save()
    rows = Session.objects.filter(session_key=ended.session_key)
    rows.update(expire_date=timezone.now() - timedelta(days=1))
    clear_expired_sessions()
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert list(Session.objects.values_list("session_key", flat=True)) == [kept]
