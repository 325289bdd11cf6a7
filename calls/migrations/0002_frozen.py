"""Freeze what a call asks for once it is open, and let nothing begin or be handed in beside its state.

`calls_freeze_call`: of a call that is no draft only the text, the contact, the state and what goes with it change, and
its deadline moves later, never earlier. `calls_freeze_part`: its stages and its form do not change at all.
`calls_takes_application`: an application begins or is handed in only while its call is open (a returned one until it is
settled). The share lock makes whoever cancels or closes wait for it, and it for them.
"""

from django.db import migrations

FREEZE = """
CREATE FUNCTION calls_freeze_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (
        ROW(NEW.kind, NEW.measure, NEW.department_id, NEW.title, NEW.title_en, NEW.opens_at,
            NEW.sources, NEW.places, NEW.unit_quota, NEW.open_to_all, NEW.women_preferred)
        IS DISTINCT FROM
        ROW(OLD.kind, OLD.measure, OLD.department_id, OLD.title, OLD.title_en, OLD.opens_at,
            OLD.sources, OLD.places, OLD.unit_quota, OLD.open_to_all, OLD.women_preferred)
        OR NEW.closes_at < OLD.closes_at
    ) THEN
        RAISE check_violation USING MESSAGE = 'call_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER call_frozen BEFORE UPDATE ON calls_call
    FOR EACH ROW EXECUTE FUNCTION calls_freeze_call();

CREATE FUNCTION calls_freeze_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    SELECT state INTO found FROM calls_call
     WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.call_id ELSE NEW.call_id END FOR SHARE;
    IF found <> 'draft' THEN
        RAISE check_violation USING MESSAGE = 'call_frozen';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER stage_frozen BEFORE INSERT OR UPDATE OR DELETE ON calls_stage
    FOR EACH ROW EXECUTE FUNCTION calls_freeze_part();
CREATE TRIGGER field_frozen BEFORE INSERT OR UPDATE OR DELETE ON calls_field
    FOR EACH ROW EXECUTE FUNCTION calls_freeze_part();

CREATE FUNCTION calls_takes_application() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    IF NEW.state NOT IN ('draft', 'submitted')
        OR (TG_OP = 'UPDATE' AND (NEW.state = OLD.state OR OLD.state IN ('accepted', 'refused'))) THEN
        RETURN NEW;
    END IF;
    SELECT state INTO found FROM calls_call WHERE id = NEW.call_id FOR SHARE;
    IF found = 'open' OR (found = 'closed' AND TG_OP = 'UPDATE' AND OLD.state = 'returned') THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING MESSAGE = 'call_takes_none';
END $$;
CREATE TRIGGER application_taken BEFORE INSERT OR UPDATE OF state ON calls_application
    FOR EACH ROW EXECUTE FUNCTION calls_takes_application();
"""
THAW = """
DROP TRIGGER application_taken ON calls_application;
DROP FUNCTION calls_takes_application;
DROP TRIGGER field_frozen ON calls_field;
DROP TRIGGER stage_frozen ON calls_stage;
DROP FUNCTION calls_freeze_part;
DROP TRIGGER call_frozen ON calls_call;
DROP FUNCTION calls_freeze_call;
"""


class Migration(migrations.Migration):
    """The triggers above."""

    dependencies = [("calls", "0001_initial")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
