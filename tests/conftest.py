"""Fixtures every test may use."""

import pytest


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Keep the rows migrations made, for every connection of the run.

    pytest-django keeps them only for tests that ask by marker, and only on one connection object:
    a browser test, where Playwright's event loop runs, has another.
    """
    from django.db import connections

    with django_db_blocker.unblock():
        contents = connections["default"].creation.serialize_db_to_string()
    type(connections["default"])._test_serialized_contents = contents


@pytest.fixture(autouse=True)
def _reference_rows(django_db_serialized_rollback):
    """Give tests that commit the rows migrations made (departments, roles, rules) back each time."""


@pytest.fixture(autouse=True, scope="session")
def _flush_may_purge():
    """Let the clean-up after tests that commit empty the append-only tables, and nothing else."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    plain = DatabaseOperations.execute_sql_flush

    def flush(self, statements):
        return plain(self, ["SET LOCAL portal.allow_purge = 'on'", *statements])

    DatabaseOperations.execute_sql_flush = flush
    yield
    DatabaseOperations.execute_sql_flush = plain
