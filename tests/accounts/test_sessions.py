"""The table of sessions does not show what they hold; Redis knows none."""

import base64
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone
from redis import Redis

from accounts.models import Session, User
from accounts.sessions import SessionStore
from accounts.tasks import clear_expired_sessions
from talents.models import Talent
from tests import factories

pytestmark = pytest.mark.django_db
GREETED = re.compile(r"<h1[^>]*>\s*(\w+)，您好")


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
        cursor.execute("SELECT session_data FROM accounts_session WHERE session_key = %s", [key])
        (stored,) = cursor.fetchone()
    assert db.SessionStore().decode(stored) == {}  # Django's own key does not open it
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


def who_reads(client):
    """Return the name the dashboard greets, or None where she is asked to sign in."""
    answer = client.get("/me/")
    found = GREETED.search(answer.content.decode())
    return found[1] if found and answer.status_code == 200 else None


@pytest.fixture
def zhou(client):
    """Return 周敏, signed in, with a record."""
    zhou = factories.talent(full_name="周敏").user
    client.force_login(zhou, "django.contrib.auth.backends.ModelBackend")
    return zhou


def test_session_user_and_record_are_one_statement(client, zhou, django_assert_num_queries):
    session = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    with django_assert_num_queries(1):
        user = session.signed_in()
        assert (user, user.talent, user.talent.user) == (zhou, zhou.talent, user)
        assert (user.talent.state, user.full_name) == (zhou.talent.state, "周敏")


def test_all_that_was_left_out_comes_with_the_first_of_it(client, zhou, django_assert_num_queries):
    user = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value).signed_in()
    with django_assert_num_queries(1):
        whole = (user.phone, user.date_joined, user.phone_index)
    assert whole == (zhou.phone, zhou.date_joined, zhou.phone_index)
    record = Talent.objects.get(user=zhou)
    with django_assert_num_queries(1):
        left_out = [getattr(user.talent, field.attname) for field in Talent._meta.concrete_fields]
    assert left_out == [getattr(record, field.attname) for field in Talent._meta.concrete_fields]


def test_who_has_no_record_is_found_by_the_same_statement(client, django_assert_num_queries):
    client.force_login(factories.user("吴桐"), "django.contrib.auth.backends.ModelBackend")
    session = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    with django_assert_num_queries(1):
        user = session.signed_in()
        assert (user.full_name, hasattr(user, "talent")) == ("吴桐", False)


def test_an_account_that_may_not_sign_in_any_more_is_nobody(client, zhou):
    assert who_reads(client) == "周敏"
    User.objects.update(is_active=False)
    assert who_reads(client) is None


def test_a_password_changed_elsewhere_ends_the_session(client, zhou):
    zhou.set_password("liangjiang-2027")
    zhou.save()
    assert who_reads(client) is None
    assert not Session.objects.filter(user=zhou).exists()


def test_a_row_that_names_somebody_else_shows_nobody_elses_page(client, zhou):
    """What is sealed counts: the column beside it only saves a look."""
    Session.objects.update(user=factories.user("吴桐"))
    assert who_reads(client) == "周敏"


def test_a_way_in_that_was_closed_opens_no_session(client, zhou, settings):
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[1:]
    assert who_reads(client) is None


def test_the_next_one_at_the_same_browser_is_herself(client, zhou):
    assert who_reads(client) == "周敏"
    client.force_login(factories.user("吴桐"), "django.contrib.auth.backends.ModelBackend")
    assert who_reads(client) == "吴桐"
    client.logout()
    assert who_reads(client) is None
