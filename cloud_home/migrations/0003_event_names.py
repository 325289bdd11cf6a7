"""Keep the thread of an event named as the event is.

`events` lies below this app and knows nothing of threads, and the name stands in the circle's own row because lists,
search and ordering read it there. So the database carries a new title over, whoever writes it; what did not change
costs nothing, since seats move an event's row thousands of times.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION cloud_home_event_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE cloud_home_circle SET name = NEW.title, about = NEW.summary WHERE event_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER cloud_home_event_names
    AFTER UPDATE OF title, summary ON events_event
    FOR EACH ROW WHEN ((OLD.title, OLD.summary) IS DISTINCT FROM (NEW.title, NEW.summary))
    EXECUTE FUNCTION cloud_home_event_names();
"""
DROP = (
    "DROP TRIGGER cloud_home_event_names ON events_event; DROP FUNCTION cloud_home_event_names();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("cloud_home", "0002_digest_index"),
        ("events", "0004_seats_for_points"),
    ]

    operations = [migrations.RunSQL(MAKE, DROP)]
