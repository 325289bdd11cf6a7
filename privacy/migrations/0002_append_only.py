"""Consent and audit rows can be added and read, not changed or removed.

The triggers let a statement pass only where the transaction said so with
`SET LOCAL portal.allow_purge = 'on'`: retention, which removes whole years of audit rows by rule,
and the tests' clean-up. Nothing else in the portal sets it. In production the web process should
connect as a role that does not own these tables, so that it cannot drop the triggers either.
"""

from django.db import migrations

TABLES = ("privacy_consent", "privacy_auditentry", "privacy_auditlink")

FUNCTION = """
CREATE FUNCTION privacy_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portal.allow_purge', true) = 'on' AND TG_OP <> 'UPDATE' THEN
        RETURN CASE TG_LEVEL WHEN 'ROW' THEN OLD END;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$
"""


def add(table):
    """Statements that protect one table."""
    return f"""
    CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION privacy_append_only();
    CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION privacy_append_only();
    """


def drop(table):
    """Statements that take the protection away."""
    return f"DROP TRIGGER {table}_rows ON {table}; DROP TRIGGER {table}_truncate ON {table};"


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION privacy_append_only()"),
        *(migrations.RunSQL(add(table), drop(table)) for table in TABLES),
    ]
