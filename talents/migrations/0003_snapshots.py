"""Careers: what a record holds besides the present, and snapshots of how it stood.

`talents_snapshot` writes one whenever a record in the database changes in what a snapshot shows, whoever
writes. Snapshots are append-only; only the deletion of their record takes them along, by the constraint of
the database, and the trigger lets a row go once its record is gone.
"""

from django.db import migrations

SNAPSHOTS = """
-- Who works elsewhere keeps her place in the database: for trends she has left.
CREATE FUNCTION talents_stood_as(her talents_talent) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN her.state = 'verified' AND her.moved_away_on IS NOT NULL
                THEN 'moved_away' ELSE her.state END
$$;

CREATE FUNCTION talents_snapshot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz;
    old_state text := '';
    old_title text := '';
    old_tier text := '';
    old_discipline text := '';
    old_industry text := '';
    old_kind text;
    old_unit bigint;
    old_department bigint;
BEGIN
    moment := NEW.updated_at;
    IF TG_OP = 'INSERT' THEN
        moment := coalesce(NEW.verified_at, NEW.updated_at);
    ELSE
        old_title := OLD.title_level;
        old_tier := OLD.tier;
        old_discipline := OLD.discipline;
        old_industry := OLD.industry;
        old_unit := OLD.unit_id;
        old_department := OLD.department_id;
        IF OLD.verified_at IS NOT NULL THEN
            old_state := talents_stood_as(OLD);
        END IF;
        -- As it was counted: of who was not in the database the kind of her unit may have changed meanwhile.
        SELECT unit_kind INTO old_kind FROM talents_careersnapshot
         WHERE talent_id = NEW.id ORDER BY day DESC, id DESC LIMIT 1;
    END IF;
    INSERT INTO talents_careersnapshot (
        talent_id, day, unit_id, department_id, unit_kind, position, title_level, tier, education_level,
        degree, discipline, industry, state, source, was_state, was_title_level, was_tier,
        was_discipline, was_industry, was_unit_kind, was_unit_id, was_department_id, corrected, recorded_at
    ) VALUES (
        NEW.id,
        -- A clock that runs ahead must not keep anybody from saving a record.
        (least(moment, clock_timestamp()) AT TIME ZONE 'Asia/Shanghai')::date,
        NEW.unit_id, NEW.department_id,
        coalesce((SELECT kind FROM accounts_unit WHERE id = NEW.unit_id), ''),
        NEW.position, NEW.title_level, NEW.tier, NEW.education_level, NEW.degree, NEW.discipline,
        NEW.industry, talents_stood_as(NEW), NEW.written_by, old_state, old_title, old_tier,
        old_discipline, old_industry, coalesce(old_kind, ''), old_unit, old_department,
        -- What is set right was never so; who does it says so (talents.career.keeping.setting_right).
        coalesce(current_setting('portal.set_right', true), '') = 'on',
        clock_timestamp()
    );
    RETURN NULL;
END $$;

CREATE TRIGGER talents_snapshot_new AFTER INSERT ON talents_talent
    FOR EACH ROW WHEN (NEW.verified_at IS NOT NULL) EXECUTE FUNCTION talents_snapshot();
CREATE TRIGGER talents_snapshot_changed AFTER UPDATE ON talents_talent
    FOR EACH ROW
    WHEN (coalesce(NEW.verified_at, OLD.verified_at) IS NOT NULL AND (
        OLD.verified_at IS NULL, OLD.state, OLD.moved_away_on IS NULL,
        OLD.unit_id, OLD.unit_text, OLD.department_id, OLD.position,
        OLD.title_level, OLD.professional_title, OLD.tier, OLD.education_level, OLD.degree, OLD.discipline,
        OLD.industry
    ) IS DISTINCT FROM (
        NEW.verified_at IS NULL, NEW.state, NEW.moved_away_on IS NULL,
        NEW.unit_id, NEW.unit_text, NEW.department_id, NEW.position,
        NEW.title_level, NEW.professional_title, NEW.tier, NEW.education_level, NEW.degree, NEW.discipline,
        NEW.industry
    ))
    EXECUTE FUNCTION talents_snapshot();

-- A unit is of another kind from today on, and so are its people: nobody came, rose or left by that.
CREATE FUNCTION talents_snapshot_of_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO talents_careersnapshot (
        talent_id, day, unit_id, department_id, unit_kind, position, title_level, tier, education_level,
        degree, discipline, industry, state, source, was_state, was_title_level, was_tier,
        was_discipline, was_industry, was_unit_kind, was_unit_id, was_department_id, corrected, recorded_at
    )
    SELECT t.id, (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date,
           t.unit_id, t.department_id, NEW.kind, t.position, t.title_level, t.tier, t.education_level,
           t.degree, t.discipline, t.industry, 'verified', t.written_by, 'verified', t.title_level, t.tier,
           t.discipline, t.industry, s.unit_kind, t.unit_id, t.department_id, false, clock_timestamp()
      FROM talents_talent t
     CROSS JOIN LATERAL (
        SELECT unit_kind, state FROM talents_careersnapshot
         WHERE talent_id = t.id ORDER BY day DESC, id DESC LIMIT 1
     ) s
     WHERE t.unit_id = NEW.id AND s.state = 'verified' AND s.unit_kind <> NEW.kind
       FOR NO KEY UPDATE OF t;
    RETURN NULL;
END $$;

CREATE TRIGGER talents_snapshot_of_kind AFTER UPDATE OF kind ON accounts_unit
    FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION talents_snapshot_of_kind();

ALTER TABLE talents_careersnapshot ADD CONSTRAINT snapshot_goes_with_record
    FOREIGN KEY (talent_id) REFERENCES talents_talent (id) ON DELETE CASCADE;

CREATE FUNCTION talents_snapshot_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND (
        current_setting('portal.allow_purge', true) = 'on'
        OR NOT EXISTS (SELECT 1 FROM talents_talent WHERE id = OLD.talent_id)
    ) THEN
        RETURN OLD;
    END IF;
    -- Of somebody who was erased, and of what was another woman's, the words and the place go; what is counted stays.
    IF TG_OP = 'UPDATE' AND NEW.position = '' AND NEW.unit_id IS NULL AND NEW.was_unit_id IS NULL
        AND to_jsonb(NEW) - '{position,unit_id,was_unit_id}'::text[]
            = to_jsonb(OLD) - '{position,unit_id,was_unit_id}'::text[]
        AND (
            current_setting('portal.forget_snapshots', true) = 'on'
            OR EXISTS (SELECT 1 FROM talents_talent WHERE id = OLD.talent_id AND state = 'erased')
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

-- As the owner: the running portal's own role may change no row here.
CREATE FUNCTION talents_forget_snapshots(record bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH emptied AS (
        UPDATE talents_careersnapshot SET position = '', unit_id = NULL, was_unit_id = NULL
         WHERE talent_id = record
           AND EXISTS (SELECT FROM talents_talent WHERE id = record AND state = 'erased')
     RETURNING 1
    ) SELECT count(*) FROM emptied
$$;

-- Behind a number: while another woman's record stood in this one.
CREATE FUNCTION talents_forget_snapshots_since(record bigint, number bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('portal.forget_snapshots', 'on', true);
    UPDATE talents_careersnapshot SET position = '', unit_id = NULL, was_unit_id = NULL
     WHERE talent_id = record AND id > number;
    PERFORM set_config('portal.forget_snapshots', 'off', true);
END $$;

CREATE TRIGGER talents_careersnapshot_rows BEFORE UPDATE OR DELETE ON talents_careersnapshot
    FOR EACH ROW EXECUTE FUNCTION talents_snapshot_stays();
CREATE TRIGGER talents_careersnapshot_truncate BEFORE TRUNCATE ON talents_careersnapshot
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_append_only();
"""

NO_SNAPSHOTS = """
DROP TRIGGER talents_careersnapshot_truncate ON talents_careersnapshot;
DROP TRIGGER talents_careersnapshot_rows ON talents_careersnapshot;
DROP FUNCTION talents_forget_snapshots_since(bigint, bigint);
DROP FUNCTION talents_forget_snapshots(bigint);
DROP FUNCTION talents_snapshot_stays();
ALTER TABLE talents_careersnapshot DROP CONSTRAINT snapshot_goes_with_record;
DROP TRIGGER talents_snapshot_of_kind ON accounts_unit;
DROP FUNCTION talents_snapshot_of_kind();
DROP TRIGGER talents_snapshot_changed ON talents_talent;
DROP TRIGGER talents_snapshot_new ON talents_talent;
DROP FUNCTION talents_snapshot();
DROP FUNCTION talents_stood_as(talents_talent);
"""


class Migration(migrations.Migration):
    # Its triggers call what privacy makes for every app.
    dependencies = [("talents", "0002_sharing"), ("privacy", "0002_append_only")]
    operations = [migrations.RunSQL(SNAPSHOTS, NO_SNAPSHOTS)]
