"""Fixtures every test may use."""

import io

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as of_hypothesis

from care_points.models.ledger import system_accounts
from kernel import content
from places import holidays
from tests import forks, migrated

# How fast examples are made says how busy the machine is, and nothing of what is tested.
of_hypothesis.register_profile(
    "portal", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
of_hypothesis.load_profile("portal")


def copy_of_tables():
    """Return the rows migrations made: {table: its rows as COPY writes them}."""
    table_rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            rows = io.StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', rows)
            if rows.getvalue():
                table_rows[table] = rows.getvalue()
    return table_rows


def empty_and_put_back(table_rows):
    """Empty every table that holds something and write the rows back, past triggers and the order of foreign keys.

    Row by row: a TRUNCATE of all tables, which Django does, makes new files for each of them and its indexes and takes
    ten times as long, whatever they hold.
    """
    tables = connection.introspection.django_table_names(only_existing=True)
    filled = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(filled)
        filled = [table for (table,) in cursor.fetchall()]
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in filled) or "SELECT")
        for table, rows in table_rows.items():
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(rows))


@pytest.fixture(scope="session", autouse=True)
def _ended_forks():
    """End the servers of forks at the end of the run."""
    yield
    forks.stop()


@pytest.fixture(autouse=True)
def _own_language():
    """Give the next test the default language: a request in English leaves it on for the thread."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _own_accounts():
    """Forget the programme's accounts after each test: the database is emptied, as no real one is."""
    yield
    system_accounts.clear()


@pytest.fixture(autouse=True)
def _own_calendar():
    """Let no day be entered at the beginning: that it is read anew would be a statement more now and then."""
    content.forget()
    holidays.entered.keep({})


@pytest.fixture(scope="session")
def migrated_before(request, django_db_modify_db_settings, django_db_createdb):
    """Put back what an earlier run migrated (tests.migrated); `--create-db` and a run without pytest's cache do not."""
    if not hasattr(request.config, "cache"):
        return None
    name = connection.creation._get_test_db_name()
    folder = request.config.cache.mkdir("migrated")
    kept = migrated.Kept(folder, name, connection.settings_dict)
    if not django_db_createdb:
        kept.take_turn()
        kept.put_back()
    return kept


@pytest.fixture(scope="session")
def django_db_setup(migrated_before, django_db_setup):
    """Have the database migrated, and keep it for the next run."""
    if migrated_before:
        migrated_before.keep()


@pytest.fixture(scope="session", autouse=True)
def _reference_rows(django_db_setup, django_db_blocker):
    """Put departments, roles and rules back after each test that commits, at once.

    Django would do it before the next test of that kind only; with tests spread over workers the
    next one may be of the other kind. Its own copy is JSON, a hundred times slower than COPY.
    """
    with django_db_blocker.unblock():
        table_rows = copy_of_tables()
    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda test: empty_and_put_back(table_rows)
    yield
    TransactionTestCase._fixture_teardown = original
