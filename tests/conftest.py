"""Fixtures every test may use."""

import pytest


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
