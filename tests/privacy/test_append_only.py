"""Consents and audit rows: the database refuses to change or remove them."""

import pytest
from django.db import DatabaseError, connection, transaction

from privacy import audit
from privacy.models import AuditEntry, AuditLink, Consent
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TABLES = {
    "privacy_consent": "granted = false",
    "privacy_auditentry": "reason = 'x'",
    "privacy_auditlink": "digest = 'x'",
}


@pytest.fixture
def rows():
    person = factories.user()
    factories.consent(person, "messages")
    audit.record("privacy.reveal", person, by=person, at=NOW)
    audit.chain()


def refused(statement):
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


@pytest.mark.parametrize(("table", "change"), TABLES.items())
def test_rows_cannot_be_changed_removed_or_truncated(rows, table, change):
    refused(f"UPDATE {table} SET {change}")
    refused(f"DELETE FROM {table}")
    refused(f"TRUNCATE {table}")
    counts = Consent.objects.count(), AuditEntry.objects.count(), AuditLink.objects.count()
    assert counts == (1, 1, 1)


def test_a_purge_that_says_so_may_remove_but_never_change(rows):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.allow_purge = 'on'")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute("UPDATE privacy_auditentry SET reason = 'x'")
        cursor.execute("DELETE FROM privacy_auditentry")
        assert cursor.rowcount == 1
        cursor.execute("SET LOCAL portal.allow_purge = ''")


def test_the_orm_is_refused_as_well(rows):
    for model in (Consent, AuditEntry, AuditLink):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.all().delete()
