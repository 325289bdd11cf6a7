"""Keep the seat counts of events and of their pools exact in the database, whoever writes and with or without a lock.

Three triggers count: one on bookings moves the counts of its event and of the pool it sits in, one on pools moves
the event's `kept`, the seats of its pools nobody has. Two more refuse to let any other write touch the counts (a form
saved with the numbers it read a minute ago would put them back). `event_not_oversold`, `pool_not_oversold` and
`event_childcare_not_oversold` (0001) then make a booking past the last seat impossible.
"""

from django.db import migrations

COUNT = """
CREATE FUNCTION events_count_seats() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seats integer := 0;
    queue integer := 0;
    children integer := 0;
    left_pool bigint;
    took_pool bigint;
BEGIN
    -- Deleted because they were kept long enough, or without what is hers: their event keeps its totals.
    -- Or moved all at once: they are counted anew after (events.seat_counts.many_moved).
    IF current_setting('portal.keep_seat_counts', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.state IN ('offered', 'confirmed', 'attended', 'absent', 'excused') THEN
        left_pool := OLD.pool_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state IN ('offered', 'confirmed', 'attended', 'absent', 'excused') THEN
        took_pool := NEW.pool_id;
    END IF;
    -- A pool's seat is taken before the event counts it and given back after: kept and taken together never say
    -- more seats than there are.
    IF took_pool IS DISTINCT FROM left_pool AND took_pool IS NOT NULL THEN
        UPDATE events_pool SET taken = taken + 1 WHERE id = took_pool AND event_id = NEW.event_id;
        IF NOT FOUND THEN
            RAISE foreign_key_violation USING MESSAGE = 'the pool is of another event';
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        seats := -(OLD.state IN ('offered', 'confirmed', 'attended', 'absent', 'excused'))::integer;
        queue := -(OLD.state = 'waitlisted')::integer;
        children := seats * (OLD.childcare = 'given')::integer * OLD.children;
        IF TG_OP = 'DELETE' OR OLD.event_id <> NEW.event_id THEN
            UPDATE events_event
               SET seats_taken = seats_taken + seats,
                   waiting = waiting + queue,
                   childcare_taken = childcare_taken + children
             WHERE id = OLD.event_id;
            seats := 0;
            queue := 0;
            children := 0;
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        seats := seats + (NEW.state IN ('offered', 'confirmed', 'attended', 'absent', 'excused'))::integer;
        queue := queue + (NEW.state = 'waitlisted')::integer;
        children := children
            + (NEW.state IN ('offered', 'confirmed', 'attended', 'absent', 'excused'))::integer
            * (NEW.childcare = 'given')::integer * NEW.children;
        IF seats <> 0 OR queue <> 0 OR children <> 0 OR TG_OP = 'INSERT' OR OLD.event_id <> NEW.event_id THEN
            UPDATE events_event
               SET seats_taken = seats_taken + seats,
                   waiting = waiting + queue,
                   childcare_taken = childcare_taken + children,
                   last_place = greatest(last_place, NEW.place)
             WHERE id = NEW.event_id;
        END IF;
    END IF;
    IF left_pool IS DISTINCT FROM took_pool AND left_pool IS NOT NULL THEN
        UPDATE events_pool SET taken = taken - 1 WHERE id = left_pool;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER events_count_seats
    AFTER INSERT OR DELETE OR UPDATE OF state, event_id, pool_id, children, childcare ON events_booking
    FOR EACH ROW EXECUTE FUNCTION events_count_seats();
"""

COUNT_KEPT = """
CREATE FUNCTION events_count_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before integer := 0;
    after integer := 0;
    event bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        event := OLD.event_id;
        before := CASE WHEN OLD.opened_at IS NULL THEN greatest(OLD.seats - OLD.taken, 0) ELSE 0 END;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        event := NEW.event_id;
        after := CASE WHEN NEW.opened_at IS NULL THEN greatest(NEW.seats - NEW.taken, 0) ELSE 0 END;
    END IF;
    IF before <> after OR TG_OP <> 'UPDATE' THEN
        UPDATE events_event
           SET kept = kept + after - before,
               pooled = EXISTS (SELECT 1 FROM events_pool WHERE event_id = event)
         WHERE id = event;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER events_count_kept
    AFTER INSERT OR DELETE OR UPDATE ON events_pool
    FOR EACH ROW EXECUTE FUNCTION events_count_kept();
"""

KEEP = """
CREATE FUNCTION events_keep_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Depth 2 and more: the write comes from the triggers that count. Anything else keeps what is there.
    IF pg_trigger_depth() < 2 THEN
        IF TG_OP = 'INSERT' THEN
            NEW.seats_taken := 0;
            NEW.waiting := 0;
            NEW.last_place := 0;
            NEW.kept := 0;
            NEW.pooled := false;
            NEW.childcare_taken := 0;
        ELSE
            NEW.seats_taken := OLD.seats_taken;
            NEW.waiting := OLD.waiting;
            NEW.last_place := OLD.last_place;
            NEW.kept := OLD.kept;
            NEW.pooled := OLD.pooled;
            NEW.childcare_taken := OLD.childcare_taken;
            -- Thousands of bookings moved at once: they are counted here once, not each on its own.
            IF current_setting('portal.count_seats_anew', true) = 'on' THEN
                SELECT count(*) FILTER (WHERE state IN ('offered', 'confirmed', 'attended', 'absent', 'excused')),
                       count(*) FILTER (WHERE state = 'waitlisted'),
                       coalesce(sum(children) FILTER (WHERE childcare = 'given'
                           AND state IN ('offered', 'confirmed', 'attended', 'absent', 'excused')), 0)
                  INTO NEW.seats_taken, NEW.waiting, NEW.childcare_taken
                  FROM events_booking WHERE event_id = NEW.id;
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER events_keep_counts
    BEFORE INSERT OR UPDATE ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_keep_counts();
"""

KEEP_TAKEN = """
CREATE FUNCTION events_keep_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        NEW.taken := CASE WHEN TG_OP = 'INSERT' THEN 0 ELSE OLD.taken END;
        IF TG_OP = 'UPDATE' AND current_setting('portal.count_seats_anew', true) = 'on' THEN
            SELECT count(*) INTO NEW.taken FROM events_booking
             WHERE pool_id = NEW.id AND state IN ('offered', 'confirmed', 'attended', 'absent', 'excused');
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER events_keep_taken
    BEFORE INSERT OR UPDATE ON events_pool
    FOR EACH ROW EXECUTE FUNCTION events_keep_taken();
"""


def trigger(name, table, sql):
    """Return the step that makes a trigger and its function, and how it is undone."""
    return migrations.RunSQL(sql, f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();")


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        trigger("events_count_seats", "events_booking", COUNT),
        trigger("events_count_kept", "events_pool", COUNT_KEPT),
        trigger("events_keep_counts", "events_event", KEEP),
        trigger("events_keep_taken", "events_pool", KEEP_TAKEN),
    ]
