"""Fixtures every test may use."""

import pytest


@pytest.fixture(autouse=True)
def _reference_rows(django_db_serialized_rollback):
    """Give tests that commit the rows migrations made (departments, roles, rules) back each time."""
