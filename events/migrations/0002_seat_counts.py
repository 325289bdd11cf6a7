"""Keep an event's seat counts exact in the database, whoever writes and with or without a lock.

Two triggers: one on bookings moves the counts of its event, the other on events refuses to let any
other write touch them (a form saved with the numbers it read a minute ago would put them back).
`event_not_oversold` (0001) then makes a booking past the last seat impossible.
"""

from django.db import migrations

COUNT = """
CREATE FUNCTION events_count_seats() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seats integer := 0;
    queue integer := 0;
BEGIN
    -- Deleted because they were kept long enough: their event is over and keeps its totals.
    IF TG_OP = 'DELETE' AND current_setting('portal.keep_seat_counts', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        seats := -(OLD.state IN ('offered', 'confirmed', 'attended', 'absent', 'excused'))::integer;
        queue := -(OLD.state = 'waitlisted')::integer;
        IF TG_OP = 'DELETE' OR OLD.event_id <> NEW.event_id THEN
            UPDATE events_event
               SET seats_taken = seats_taken + seats, waiting = waiting + queue
             WHERE id = OLD.event_id;
            seats := 0;
            queue := 0;
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        seats := seats + (NEW.state IN ('offered', 'confirmed', 'attended', 'absent', 'excused'))::integer;
        queue := queue + (NEW.state = 'waitlisted')::integer;
        IF seats <> 0 OR queue <> 0 OR TG_OP = 'INSERT' OR OLD.event_id <> NEW.event_id THEN
            UPDATE events_event
               SET seats_taken = seats_taken + seats,
                   waiting = waiting + queue,
                   last_place = greatest(last_place, NEW.place)
             WHERE id = NEW.event_id;
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER events_count_seats
    AFTER INSERT OR DELETE OR UPDATE OF state, event_id ON events_booking
    FOR EACH ROW EXECUTE FUNCTION events_count_seats();
"""

KEEP = """
CREATE FUNCTION events_keep_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Depth 2: the write comes from events_count_seats. Anything else keeps what is there.
    IF pg_trigger_depth() < 2 THEN
        IF TG_OP = 'INSERT' THEN
            NEW.seats_taken := 0;
            NEW.waiting := 0;
            NEW.last_place := 0;
        ELSE
            NEW.seats_taken := OLD.seats_taken;
            NEW.waiting := OLD.waiting;
            NEW.last_place := OLD.last_place;
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER events_keep_counts
    BEFORE INSERT OR UPDATE ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_keep_counts();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        migrations.RunSQL(
            COUNT,
            "DROP TRIGGER events_count_seats ON events_booking; DROP FUNCTION events_count_seats();",
        ),
        migrations.RunSQL(
            KEEP,
            "DROP TRIGGER events_keep_counts ON events_event; DROP FUNCTION events_keep_counts();",
        ),
    ]
