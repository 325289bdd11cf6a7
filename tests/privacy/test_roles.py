"""The running portal's own role can add to the audit log and nothing else; the purge role can remove."""

import pytest
from django.db import DatabaseError, connection, transaction

from privacy import audit, roles
from privacy.models import AuditEntry, AuditLink
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

APPEND_ONLY = [
    "care_points_entry",
    "care_points_transfer",
    "entrepreneurship_venturecheckpoint",
    "entrepreneurship_venturestage",
    "privacy_auditbase",
    "privacy_auditentry",
    "privacy_auditlink",
    "privacy_consent",
    "talents_asked",
    "talents_askedanswer",
    "talents_careersnapshot",
]


@pytest.fixture
def granted():
    """Make both roles for the length of the test (its transaction is undone) and grant."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE test_application; CREATE ROLE test_purge")
    roles.grant(application="test_application", purge="test_purge")
    audit.record("privacy.reveal", factories.user(), by=None, at=NOW)
    audit.chain()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def attempt(role, statement):
    """Run one statement as a role; return the name of PostgreSQL's error, "" where it was done."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute("SET LOCAL portal.allow_purge = 'on'")
            cursor.execute(statement)
            cursor.execute("RESET ROLE; SET LOCAL portal.allow_purge = ''")
    except DatabaseError as error:
        return type(error.__cause__).__name__
    return ""


def test_the_append_only_tables_are_found_by_their_triggers():
    assert roles.append_only_tables() == APPEND_ONLY


def test_no_function_stores_a_setting_that_only_a_superuser_may():
    """The owner of the tables makes them in production and is none; the tests' role would notice nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc, unnest(proconfig) AS kept WHERE split_part(kept, '=', 1) LIKE '%.%'"
        )
        assert cursor.fetchall() == []


ATTACKS = [
    "DELETE FROM {table}",
    "UPDATE {table} SET id = id",
    "TRUNCATE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TABLE {table}",
    "GRANT DELETE ON {table} TO test_application; DELETE FROM {table}",
]


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_applications_role_cannot_cut_what_is_append_only(granted, table):
    statements = [s.format(table=table) for s in ATTACKS]
    if table == "privacy_auditlink":
        statements[1] = statements[1].replace("id = id", "entry_id = entry_id")
    refused = {attempt("test_application", statement) for statement in statements}
    assert refused == {"InsufficientPrivilege"}


def test_it_cuts_the_log_by_rule_and_not_otherwise(granted):
    """The functions know the rule themselves: calling them early, or without a base on record, does nothing."""
    entry = AuditEntry.objects.get(action="privacy.reveal")
    link = AuditLink.objects.get(pk=entry.pk)
    base = (
        "INSERT INTO privacy_auditbase (entry_id, digest, removed, at, seal)"
        f" VALUES ({entry.pk}, '{link.digest}', 1, now(), '')"
    )
    cut = f"SELECT privacy_cut_log({entry.pk})"
    assert attempt("test_application", cut) == "RestrictViolation"
    assert attempt("test_application", f"{base}; {cut}") == "RestrictViolation"
    assert AuditEntry.objects.filter(pk=entry.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE privacy_auditentry SET at = now() - interval '13 months'")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert attempt("test_application", cut) == "RestrictViolation"
    assert attempt("test_application", f"{base}; {cut}") == ""
    assert not AuditEntry.objects.filter(pk=entry.pk).exists()
    # A beginning that no cut of ours sealed is told.
    assert audit.verify().fault == "base"


STAND_IN = """
    CREATE FUNCTION pg_temp.stand_in() RETURNS bigint LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION SQLSTATE '22012'; END $$;
    CREATE TEMP VIEW privacy_auditbase AS SELECT pg_temp.stand_in() AS entry_id, ''::text AS digest;
"""


def test_no_stand_in_for_a_table_is_read_with_the_owners_rights(granted):
    """What reads a temporary view runs its functions, and a function of the owner's would run them as the owner."""
    read = "SELECT FROM pg_temp.privacy_auditbase WHERE entry_id = 0"
    assert attempt("test_application", f"{STAND_IN}; {read}") == "DivisionByZero"
    cut = "SELECT privacy_cut_log(0)"
    assert attempt("test_application", f"{STAND_IN}; {cut}") == "RestrictViolation"


def test_every_function_with_the_owners_rights_looks_in_temporary_schemas_last():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        paths = {name: config[0] for name, config in cursor.fetchall()}
    functions = ["privacy_cut_consents", "privacy_cut_log"]
    functions += ["talents_forget_snapshots", "talents_forget_snapshots_since"]
    functions += ["talents_cut_asked", "talents_move_asked"]
    assert paths == dict.fromkeys(functions, "search_path=public, pg_temp")


def test_nor_become_somebody_who_can(granted):
    for statement in (
        "SET session_replication_role = replica",
        "CREATE TABLE public.mine (id int)",
        "CREATE OR REPLACE FUNCTION privacy_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "ALTER ROLE test_application SUPERUSER",
        "DELETE FROM django_migrations",
    ):
        assert attempt("test_application", statement) == "InsufficientPrivilege"


def test_the_control_the_owner_can_with_the_purge_switched_on(granted):
    """Until now web and worker connected as the owner, and this was all it took."""
    assert attempt(connection.settings_dict["USER"], "DELETE FROM privacy_auditlink") == ""
    assert AuditLink.objects.count() == 0


def test_the_purge_role_removes_by_rule_and_changes_nothing(granted):
    assert (
        attempt("test_purge", "UPDATE privacy_auditentry SET reason = 'x'")
        == "InsufficientPrivilege"
    )
    assert attempt("test_purge", "DELETE FROM accounts_user") == "InsufficientPrivilege"
    assert attempt("test_purge", "DELETE FROM privacy_auditentry WHERE at < now()") == ""


def test_the_applications_role_writes_and_chains_the_log(granted):
    person = factories.user()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE test_application")
        audit.record("privacy.reveal", person, by=person, at=NOW)
        assert audit.chain() == 1
        assert audit.verify().holds
        person.full_name = "李小敏"
        person.save()
        cursor.execute("RESET ROLE")
    assert (AuditEntry.objects.count(), AuditLink.objects.count()) == (2, 2)
