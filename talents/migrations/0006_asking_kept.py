"""Keep who was asked as it was, and on each record whether other departments may find her.

`talents_asked` and `talents_askedanswer` are append-only. A row of the first goes over to another record where the two
are merged, and back where that is undone (`talents_move_asked`); it goes for good after three years (`talents_cut_asked`),
by the database's own clock. Both work with the owner's rights: the running portal's own role may change no row.

`others_may_ask` says what her newest answer says, whoever writes record or answer: a shortlist over a million records
cannot ask each one's answers.
"""

from django.db import migrations

KEPT = """
CREATE FUNCTION talents_asked_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('portal.allow_purge', true) = 'on' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'talent_id' = to_jsonb(OLD) - 'talent_id' AND (
        EXISTS (SELECT FROM talents_talent WHERE id = OLD.talent_id AND state = 'merged')
        OR EXISTS (
            SELECT FROM talents_merge
             WHERE kept_id = OLD.talent_id AND lost_id = NEW.talent_id AND undone_at IS NULL
        )
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER talents_asked_rows BEFORE UPDATE OR DELETE ON talents_asked
    FOR EACH ROW EXECUTE FUNCTION talents_asked_stays();
CREATE TRIGGER talents_asked_truncate BEFORE TRUNCATE ON talents_asked
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_append_only();
CREATE TRIGGER talents_askedanswer_rows BEFORE UPDATE OR DELETE ON talents_askedanswer
    FOR EACH ROW EXECUTE FUNCTION privacy_append_only();
CREATE TRIGGER talents_askedanswer_truncate BEFORE TRUNCATE ON talents_askedanswer
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_append_only();

CREATE FUNCTION talents_move_asked(numbers bigint[], record bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE talents_asked SET talent_id = record WHERE id = ANY (numbers)
$$;

CREATE FUNCTION talents_cut_asked(before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    removed bigint;
    said text := coalesce(current_setting('portal.allow_purge', true), '');
    edge timestamptz := least(before, clock_timestamp() - interval '3 years' + interval '1 hour');
BEGIN
    PERFORM set_config('portal.allow_purge', 'on', true);
    DELETE FROM talents_askedanswer USING talents_asked
     WHERE asked_id = talents_asked.id AND talents_asked.at < edge;
    DELETE FROM talents_asked WHERE at < edge;
    GET DIAGNOSTICS removed = ROW_COUNT;
    PERFORM set_config('portal.allow_purge', said, true);
    RETURN removed;
END $$;
"""

NOT_KEPT = """
DROP FUNCTION talents_cut_asked(timestamptz);
DROP FUNCTION talents_move_asked(bigint[], bigint);
DROP TRIGGER talents_askedanswer_truncate ON talents_askedanswer;
DROP TRIGGER talents_askedanswer_rows ON talents_askedanswer;
DROP TRIGGER talents_asked_truncate ON talents_asked;
DROP TRIGGER talents_asked_rows ON talents_asked;
DROP FUNCTION talents_asked_stays();
"""

# Behind the write, and never before it: a trigger before it would have PostgreSQL lock the record as if its key changed,
# and who writes a row that names it would wait. Each query inside reads what was committed until then.
IN_STEP = """
CREATE FUNCTION talents_keep_others_may_ask(record bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE talents_talent her SET others_may_ask = NOT others_may_ask
     WHERE id = record AND others_may_ask IS DISTINCT FROM (user_id IS NOT NULL AND coalesce((
        SELECT granted FROM privacy_consent
         WHERE user_id = her.user_id AND purpose = 'asking' ORDER BY id DESC LIMIT 1
    ), false));
END $$;

CREATE FUNCTION talents_others_may_ask() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM talents_keep_others_may_ask(NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER talents_others_may_ask_new AFTER INSERT ON talents_talent
    FOR EACH ROW WHEN (NEW.user_id IS NOT NULL OR NEW.others_may_ask)
    EXECUTE FUNCTION talents_others_may_ask();
CREATE TRIGGER talents_others_may_ask_changed AFTER UPDATE ON talents_talent
    FOR EACH ROW
    WHEN ((OLD.user_id, OLD.others_may_ask) IS DISTINCT FROM (NEW.user_id, NEW.others_may_ask))
    EXECUTE FUNCTION talents_others_may_ask();

CREATE FUNCTION talents_asking_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answer privacy_consent%ROWTYPE;
BEGIN
    answer := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    IF answer.purpose = 'asking' THEN
        PERFORM talents_keep_others_may_ask(id) FROM talents_talent WHERE user_id = answer.user_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER talents_asking_answered AFTER INSERT OR DELETE ON privacy_consent
    FOR EACH ROW EXECUTE FUNCTION talents_asking_answered();
"""

NOT_IN_STEP = """
DROP TRIGGER talents_asking_answered ON privacy_consent;
DROP FUNCTION talents_asking_answered();
DROP TRIGGER talents_others_may_ask_changed ON talents_talent;
DROP TRIGGER talents_others_may_ask_new ON talents_talent;
DROP FUNCTION talents_others_may_ask();
DROP FUNCTION talents_keep_others_may_ask(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("talents", "0005_asking"), ("privacy", "0002_append_only")]
    operations = [
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunSQL(IN_STEP, NOT_IN_STEP),
    ]
