"""Neither the table of sessions nor Redis shows what a session holds."""

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


def in_redis(key):
    """Return the raw bytes Redis keeps of a session."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        return b"".join(redis.get(name) for name in redis.scan_iter(f"*{key}"))


def test_a_number_and_its_code_are_sealed_in_both_places(client):
    factories.user("周敏", phone="13812345678")
    client.post("/accounts/login/code/", {"phone": "13812345678", "by": "phone"})
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    waiting = client.session["account_login"]["state"]["stages"]["login_by_code"]["data"]
    assert waiting["phone"] == "13812345678"
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session WHERE session_key = %s", [key])
        (stored,) = cursor.fetchone()
    assert Session(session_data=stored).get_decoded() == {}  # Django's own key does not open it
    cached = in_redis(key)
    assert cached
    for secret in (b"13812345678", b"account_login", waiting["code"].encode()):
        assert secret not in cached


def test_the_table_answers_when_the_cache_has_forgotten(client):
    person = factories.user("周敏")
    client.force_login(person)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    store = SessionStore(key)
    store._cache.delete(store.cache_key)
    assert SessionStore(key)["_auth_user_id"] == str(person.pk)
    assert client.get("/accounts/").status_code == 200


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
