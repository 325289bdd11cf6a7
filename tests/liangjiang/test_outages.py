"""What passes by itself is a 503 with a page, nothing is half-written, and service comes back by itself."""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import psycopg2
import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from redis.exceptions import ConnectionError

from care_points.models import PointsAccount, ServiceHours
from events.models import Booking
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.api.conftest import make_partner


@pytest.fixture
def woman(client):
    """Return a verified talent, signed in; errors become pages as in production."""
    client.raise_request_exception = False
    talent = factories.talent()
    client.force_login(talent.user)
    return talent


@pytest.fixture
def event():
    now = timezone.now()
    return factories.event(starts_at=now + timedelta(days=3), booking_opens_at=now)


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def disk_full(table, work="INSERT"):
    """Let every insert into `table` (or other `work`) fail as PostgreSQL does when its disk is full."""
    run(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
    )
    run(
        f"CREATE TRIGGER full_disk AFTER {work} ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION full_disk()"
    )
    try:
        yield
    finally:
        run("DROP FUNCTION full_disk CASCADE")


def written():
    """Return how much there is of everything a booking writes."""
    return tuple(model.objects.count() for model in (Booking, Notice, AuditEntry))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["events_booking", "privacy_auditentry", "notices_notice"])
def test_a_full_disk_is_a_503_with_nothing_half_written(client, woman, event, table):
    before = written()
    with disk_full(table):
        answer = client.post(f"/events/{event.code}/book/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "如果刚才提交了内容，这次没有保存" in answer.content.decode()
    assert written() == before
    assert client.post(f"/events/{event.code}/book/").status_code == 302
    assert Booking.objects.get().talent == woman


@pytest.mark.django_db(transaction=True)
def test_a_session_that_cannot_be_saved_is_a_503_and_one_that_is_gone_a_400(client, settings):
    """The first page staff open notes in their session when they were last seen."""
    settings.STAFF_SECOND_FACTOR = False
    client.raise_request_exception = False
    client.force_login(factories.staff("department_clerk"))
    with disk_full("accounts_session", "UPDATE"):
        assert client.get("/admin/").status_code == 503
    run(
        "CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;"
        "CREATE TRIGGER gone BEFORE UPDATE ON accounts_session FOR EACH ROW EXECUTE FUNCTION gone()"
    )
    try:
        assert client.get("/admin/").status_code == 400
    finally:
        run("DROP FUNCTION gone CASCADE")
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/events/mine/", "/api/v1/events/", "/admin/", "/"])
def test_a_lost_database_is_a_503_and_the_next_request_finds_it_again(
    client, woman, address, caplog
):
    if "api" in address:  # a partner's program, whose token the view itself looks up
        partner = make_partner()
        partner.fetch()
        client.logout()
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {partner.token}"
    before = client.get(address).status_code
    caplog.clear()
    run("SELECT 1")
    database = connection.get_connection_params()
    with psycopg2.connect(**{k: v for k, v in database.items() if k in LOGIN}) as other:
        other.autocommit = True
        pid = connection.connection.info.backend_pid
        other.cursor().execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
    answer = client.get(address)
    expected = (503, "application/problem+json" if "api" in address else "text/html; charset=utf-8")
    assert (answer.status_code, answer["Content-Type"]) == expected
    assert [record.name for record in caplog.records] == ["django.request"]  # once
    assert caplog.records[0].exc_info  # with its cause
    connection.close_if_unusable_or_obsolete()  # as at the end of every real request
    assert client.get(address).status_code == before


LOGIN = {"dbname", "user", "password", "host", "port"}


@pytest.fixture
def no_redis(settings):
    """Point the cache at a port where nobody answers."""
    redis = configured.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": redis}


@pytest.mark.django_db
def test_without_redis_she_stays_signed_in_and_books(client, woman, event, no_redis):
    with pytest.raises(ConnectionError):
        cache.get("x")
    for address in ("/", "/me/", "/events/", "/events/mine/", "/points/", "/notices/"):
        assert client.get(address).status_code == 200, address
    assert client.post(f"/events/{event.code}/book/").status_code == 302
    assert Booking.objects.get().talent == woman


@pytest.mark.django_db
def test_without_redis_staff_work_on(client, no_redis, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(factories.staff("department_clerk"))
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/events/event/").status_code == 200


@pytest.mark.django_db
def test_without_redis_nobody_guesses_passwords(client, no_redis):
    """Its limits are counted there: signing in waits, with a page."""
    client.raise_request_exception = False
    fields = {"by": "phone", "login": "14000000001", "phone": "14000000001", "password": "x"}
    assert client.post("/accounts/login/", fields).status_code == 503


# --- deadlocks ---------------------------------------------------------------------------------------
class Rival(threading.Thread):
    """Another transaction, which holds the second account and then asks for the first, `times` over."""

    def __init__(self, first, second, times):
        super().__init__()
        self.first, self.second, self.times = first, second, times
        self.ready = threading.Event()

    def run(self):
        params = connection.get_connection_params()
        database = psycopg2.connect(**{k: v for k, v in params.items() if k in LOGIN})
        try:
            for _ in range(self.times):
                self.cross(database)
        finally:
            database.close()
            connection.close()

    def cross(self, database):
        cursor = database.cursor()
        cursor.execute("SET deadlock_timeout = '60s'")  # so that the other one gives way
        lock = "SELECT 1 FROM care_points_pointsaccount WHERE talent_id = %s FOR UPDATE"
        cursor.execute(lock, [self.second])
        self.ready.set()
        while not self.somebody_waits(cursor):
            time.sleep(0.02)
        cursor.execute(lock, [self.first])
        database.commit()

    def somebody_waits(self, cursor):
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


@pytest.fixture
def record(client, settings):
    """Return a function that records hours for two women while a rival crosses `times` over."""
    settings.STAFF_SECOND_FACTOR = False
    client.raise_request_exception = False
    client.force_login(factories.staff("department_clerk"))
    women = [factories.talent(), factories.talent()]
    for woman in women:
        PointsAccount.objects.of(woman)
    started = timezone.localtime() - timedelta(days=1)
    form = {
        "people": "\n".join(woman.code for woman in women),
        "activity": "科普讲座",
        "day": f"{started:%Y-%m-%d}",
        "start": "09:00",
        "hours": "1",
    }

    def post(times):
        rival = Rival(women[0].pk, women[1].pk, times)
        if times:
            rival.start()
            rival.ready.wait(10)
        answer = client.post("/admin/care_points/servicehours/add/", form)
        if times:
            rival.join(30)
        return answer.status_code

    return post


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("times", "status", "hours"), [(0, 302, 2), (1, 302, 2), (2, 503, 0)])
def test_a_deadlock_is_tried_once_more_and_never_shown(record, times, status, hours):
    assert (record(times), ServiceHours.objects.count()) == (status, hours)
