"""Have each record that is written compared again (talents.doubles.finding), whoever writes it.

`DO UPDATE` instead of nothing: it holds the row, so whoever finds pairs leaves it until the change is committed.
"""

from django.db import migrations

QUEUE = """
CREATE FUNCTION talents_compare_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO talents_tocompare (talent_id) VALUES (NEW.id)
    ON CONFLICT (talent_id) DO UPDATE SET talent_id = excluded.talent_id;
    RETURN NULL;
END $$;

CREATE TRIGGER talents_compare_new AFTER INSERT ON talents_talent
    FOR EACH ROW WHEN (NEW.state <> 'draft') EXECUTE FUNCTION talents_compare_again();
CREATE TRIGGER talents_compare_changed AFTER UPDATE ON talents_talent
    FOR EACH ROW
    WHEN ((OLD.state, OLD.id_number_index, OLD.phone_index, OLD.full_name, OLD.birth_month, OLD.unit_id,
           OLD.unit_text)
        IS DISTINCT FROM (NEW.state, NEW.id_number_index, NEW.phone_index, NEW.full_name, NEW.birth_month,
           NEW.unit_id, NEW.unit_text))
    EXECUTE FUNCTION talents_compare_again();
"""

UNQUEUE = """
DROP TRIGGER talents_compare_changed ON talents_talent;
DROP TRIGGER talents_compare_new ON talents_talent;
DROP FUNCTION talents_compare_again();
"""


class Migration(migrations.Migration):
    dependencies = [("talents", "0003_snapshots")]
    operations = [migrations.RunSQL(QUEUE, UNQUEUE)]
