"""When a kept connection is asked whether it lives (kernel.postgres)."""

import contextlib
import time

import psycopg2
import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction

from kernel.postgres.base import IDLE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)
LOGIN = {"dbname", "user", "password", "host", "port"}


def ask():
    """Ask the database something, as the first query of a request does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 7")
        return cursor.fetchone()[0]


def elsewhere(sql, *values):
    """Run a statement on a connection of its own; returns the first value."""
    login = {k: v for k, v in connection.get_connection_params().items() if k in LOGIN}
    with contextlib.closing(psycopg2.connect(**login)) as other:
        other.autocommit = True
        with other.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()[0]


@pytest.fixture
def kept():
    """Let the connection be one that requests share, as in production; it has just been used."""
    connection.health_check_enabled = True
    ask()
    connection.health_check_done = False
    yield
    connection.health_check_enabled = False
    connection.close()


def end_the_session():
    elsewhere("SELECT pg_terminate_backend(%s)", connection.connection.info.backend_pid)
    time.sleep(0.2)


def test_a_connection_used_a_moment_ago_is_not_asked(kept):
    connection.close_if_health_check_failed()
    assert connection.health_check_done is False


def test_a_connection_that_lay_idle_is_asked(kept):
    connection.used_at -= IDLE_SECONDS
    connection.close_if_health_check_failed()
    assert connection.health_check_done is True


def test_one_that_died_while_idle_costs_nobody_an_answer(kept):
    end_the_session()
    connection.used_at -= IDLE_SECONDS
    assert ask() == 7


def test_one_that_died_in_use_costs_one_answer(kept):
    end_the_session()
    with pytest.raises(OperationalError):
        ask()
    connection.close_if_unusable_or_obsolete()  # as at the end of every request
    assert ask() == 7


def test_a_statement_that_waited_long_is_committed_like_any_other(monkeypatch):
    """As in a web process: the check is on, and was left out at the beginning because the connection was just used."""
    ask()
    monkeypatch.setattr(connection, "health_check_enabled", True)
    monkeypatch.setattr(connection, "health_check_done", False)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE waited (n int)")
        cursor.execute("INSERT INTO waited SELECT 7 FROM pg_sleep(%s)", [IDLE_SECONDS + 0.1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM waited")
        assert cursor.fetchall() == [(7,)]
        cursor.execute("DROP TABLE waited")


DOUBLES = """
    SELECT shorter.indexrelid::regclass::text
      FROM pg_index shorter JOIN pg_index longer USING (indrelid)
      JOIN pg_class ON pg_class.oid = indrelid
     WHERE relname ~ %s AND relname <> ALL (%s) AND shorter.indexrelid <> longer.indexrelid AND NOT shorter.indisunique
       AND shorter.indpred IS NULL AND longer.indpred IS NULL AND shorter.indexprs IS NULL
       AND longer.indkey::text || ' ' LIKE shorter.indkey::text || ' %%'
       AND longer.indclass::text LIKE shorter.indclass::text || '%%'
"""


def tables_of_choices():
    """Return the tables Django makes of a choice of several rows, with an index it makes too: a handful of rows."""
    fields = [field for model in apps.get_models() for field in model._meta.many_to_many]
    throughs = [field.remote_field.through._meta for field in fields]
    return [through.db_table for through in throughs if through.auto_created]


@pytest.mark.django_db
def test_no_index_is_the_beginning_of_another():
    """Each is written with every row and serves nothing the other does not."""
    own = "|".join(
        (
            "accounts",
            "care_points",
            "events",
            "notices",
            "privacy",
            "partners",
            "talents",
            "reports",
            "places",
            "calls",
            "cloud_home",
        )
    )
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX double ON events_booking (event_id)")
        cursor.execute(DOUBLES, [f"^({own})_", tables_of_choices()])
        found = sorted(name for (name,) in cursor.fetchall())
    assert found == ["double"]
