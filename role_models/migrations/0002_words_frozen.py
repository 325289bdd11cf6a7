"""Freeze the words of a version once she was asked about it: she agrees to exactly these.

What goes on changing is where it stands and when. Erasing her deletes the row as a whole.
"""

from django.db import migrations

FREEZE = """
CREATE FUNCTION role_models_freeze_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND
        ROW(NEW.title, NEW.lead, NEW.body, NEW.shown_name, NEW.shown_post, NEW.title_en,
            NEW.lead_en, NEW.body_en, NEW.shown_post_en, NEW.editors, NEW.is_minor)
        IS DISTINCT FROM
        ROW(OLD.title, OLD.lead, OLD.body, OLD.shown_name, OLD.shown_post, OLD.title_en,
            OLD.lead_en, OLD.body_en, OLD.shown_post_en, OLD.editors, OLD.is_minor)
    THEN
        RAISE check_violation USING MESSAGE = 'story_words_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER story_words_frozen BEFORE UPDATE ON role_models_storyversion
    FOR EACH ROW EXECUTE FUNCTION role_models_freeze_words();
"""

THAW = """
DROP TRIGGER story_words_frozen ON role_models_storyversion;
DROP FUNCTION role_models_freeze_words();
"""


class Migration(migrations.Migration):
    dependencies = [("role_models", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
