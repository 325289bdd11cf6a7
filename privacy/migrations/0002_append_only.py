"""Consent and audit rows can be added and read, not changed or removed.

The triggers let a statement pass only where the transaction said so with
`SET LOCAL portal.allow_purge = 'on'`: retention, which removes whole years of audit rows by rule,
and the tests' clean-up. Nothing else in the portal sets it. In production the web process should
connect as a role that does not own these tables, so that it cannot drop the triggers either.

`privacy_cut_log` and `privacy_cut_consents` are the only ways rows go while the portal runs. They work with the
owner's rights and know the rule themselves, by the database's own clock: whoever calls them, a web process in
other hands included, gets rid of nothing that would not go by rule the same night.
"""

from django.db import migrations

TABLES = ("privacy_consent", "privacy_auditentry", "privacy_auditlink", "privacy_auditbase")

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


# Allowing the purge is said inside and taken back: `SET portal.allow_purge` on the function itself would be refused to
# the owner of the tables, because only a superuser stores a setting PostgreSQL does not know.
# An hour's grace, because the clock of the worker is another.
# pg_temp stands last: left out it is searched first, and a temporary view in a table's place would run its functions
# with the owner's rights.
CUTS = """
CREATE FUNCTION privacy_cut_log(last bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    removed bigint;
    said text := coalesce(current_setting('portal.allow_purge', true), '');
BEGIN
    LOCK TABLE privacy_auditlink IN EXCLUSIVE MODE;
    IF EXISTS (
        SELECT FROM privacy_auditentry
         WHERE id <= last AND at > clock_timestamp() - interval '1 year' + interval '1 hour'
    ) THEN
        RAISE EXCEPTION 'the log is kept for a year' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM privacy_auditbase JOIN privacy_auditlink USING (entry_id, digest) WHERE entry_id = last
    ) THEN
        RAISE EXCEPTION 'the log is cut behind a recorded base' USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM set_config('portal.allow_purge', 'on', true);
    DELETE FROM privacy_auditlink WHERE entry_id <= last;
    DELETE FROM privacy_auditentry WHERE id <= last;
    GET DIAGNOSTICS removed = ROW_COUNT;
    PERFORM set_config('portal.allow_purge', said, true);
    RETURN removed;
END $$;

CREATE FUNCTION privacy_cut_consents(before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    removed bigint;
    said text := coalesce(current_setting('portal.allow_purge', true), '');
BEGIN
    PERFORM set_config('portal.allow_purge', 'on', true);
    WITH cut AS (
        DELETE FROM privacy_consent old
         USING privacy_consent newer
         WHERE newer.user_id = old.user_id AND newer.purpose = old.purpose AND newer.id > old.id
           AND newer.at < least(before, clock_timestamp() - interval '3 years' + interval '1 hour')
     RETURNING old.id
    ) SELECT count(DISTINCT id) INTO removed FROM cut;
    PERFORM set_config('portal.allow_purge', said, true);
    RETURN removed;
END $$;
"""
NO_CUTS = "DROP FUNCTION privacy_cut_log(bigint); DROP FUNCTION privacy_cut_consents(timestamptz);"


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
        migrations.RunSQL(CUTS, NO_CUTS),
    ]
