"""Keep what units read (talents.sharing) in step with records and answers, whoever writes them.

`talents_share` decides for one record; it locks the record first, so that an answer and a verification in
the same instant see each other and a withdrawal is never overtaken.
"""

from django.db import migrations

SHARE = """
CREATE FUNCTION talents_share(record bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    her talents_talent%ROWTYPE;
    may_read boolean;
BEGIN
    SELECT * INTO her FROM talents_talent WHERE id = record FOR NO KEY UPDATE;
    SELECT granted INTO may_read FROM privacy_consent
     WHERE user_id = her.user_id AND purpose = 'unit_sharing' ORDER BY id DESC LIMIT 1;
    may_read := coalesce(may_read, false) AND her.state = 'verified' AND her.unit_id IS NOT NULL
        AND her.moved_away_on IS NULL;
    UPDATE talents_sharedrecord SET shared = false, changed_at = clock_timestamp()
     WHERE talent_id = her.id AND shared AND NOT (may_read AND unit_id = her.unit_id);
    IF may_read THEN
        INSERT INTO talents_sharedrecord (unit_id, code, talent_id, shared, changed_at)
        VALUES (her.unit_id, her.code, her.id, true, clock_timestamp())
        ON CONFLICT (unit_id, code) DO UPDATE
           SET shared = true, changed_at = excluded.changed_at
         WHERE NOT talents_sharedrecord.shared;
    END IF;
END $$;

CREATE FUNCTION talents_share_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM talents_share(NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER talents_share_new AFTER INSERT ON talents_talent
    FOR EACH ROW WHEN (NEW.state = 'verified') EXECUTE FUNCTION talents_share_record();
CREATE TRIGGER talents_share_changed AFTER UPDATE ON talents_talent
    FOR EACH ROW
    WHEN ((OLD.state, OLD.unit_id, OLD.user_id, OLD.moved_away_on)
        IS DISTINCT FROM (NEW.state, NEW.unit_id, NEW.user_id, NEW.moved_away_on))
    EXECUTE FUNCTION talents_share_record();

CREATE FUNCTION talents_share_answer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answer privacy_consent%ROWTYPE;
BEGIN
    answer := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    IF answer.purpose = 'unit_sharing' THEN
        PERFORM talents_share(id) FROM talents_talent WHERE user_id = answer.user_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER talents_share_answer AFTER INSERT OR DELETE ON privacy_consent
    FOR EACH ROW EXECUTE FUNCTION talents_share_answer();

CREATE FUNCTION talents_share_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE talents_sharedrecord
       SET talent_id = NULL,
           changed_at = CASE WHEN shared THEN clock_timestamp() ELSE changed_at END,
           shared = false
     WHERE code = OLD.code;
    RETURN OLD;
END $$;

CREATE TRIGGER talents_share_erased BEFORE DELETE ON talents_talent
    FOR EACH ROW EXECUTE FUNCTION talents_share_erased();
"""

UNSHARE = """
DROP TRIGGER talents_share_erased ON talents_talent;
DROP TRIGGER talents_share_answer ON privacy_consent;
DROP TRIGGER talents_share_changed ON talents_talent;
DROP TRIGGER talents_share_new ON talents_talent;
DROP FUNCTION talents_share_erased();
DROP FUNCTION talents_share_answer();
DROP FUNCTION talents_share_record();
DROP FUNCTION talents_share(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("talents", "0001_initial"),
        ("accounts", "0002_departments"),
        ("privacy", "0001_initial"),
    ]
    operations = [migrations.RunSQL(SHARE, UNSHARE)]
