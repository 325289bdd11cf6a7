"""Who may do what in the database: the owner migrates, the application works, the purge role removes.

The triggers of append-only tables stop mistakes. Against a web process in other hands only rights
help: the application's role owns nothing, has neither UPDATE, DELETE nor TRUNCATE on those tables and
cannot touch their triggers, so it can add to the log and nothing else. Removing whole years by rule is
done as the purge role, whose password no running service has.
"""

from django.db import connection

# LOCK TABLE … IN SHARE MODE, which the audit chain needs, and nothing that changes a row.
MAINTAIN_SINCE = 170000

# What stands behind a trigger of this name accepts new rows and nothing else; the migrations that
# make such a table name its function so.
APPEND_ONLY = """
    SELECT DISTINCT tgrelid::regclass::text
    FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE proname LIKE '%append\\_only' ORDER BY 1
"""


def append_only_tables():
    """Return the names of the tables whose rows are only ever added."""
    with connection.cursor() as cursor:
        cursor.execute(APPEND_ONLY)
        return [name for (name,) in cursor.fetchall()]


def _exists(cursor, role):
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    return cursor.fetchone() is not None


def grant(*, application, purge=""):
    """Give both roles their rights on every table there is; run as the owner after each migration.

    Arguments:
        application: the role web, worker and beat connect as.
        purge: the role that may remove rows of append-only tables; left out where it does not exist.
    """
    tables = append_only_tables()
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for statement in _for_application(quote(application), tables):
            cursor.execute(statement)
        if connection.pg_version >= MAINTAIN_SINCE:
            cursor.execute(f"GRANT MAINTAIN ON {', '.join(tables)} TO {quote(application)}")
        if purge and _exists(cursor, purge):
            for statement in _for_purge(quote(purge), tables):
                cursor.execute(statement)


def _for_application(role, tables):
    listed = ", ".join(tables)
    return [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT SELECT, USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {listed} FROM {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    ]


def _for_purge(role, tables):
    return [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, DELETE ON {', '.join(tables)} TO {role}",
    ]
