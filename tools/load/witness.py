"""What watches an event's seats from inside the database, and what takes its guards away; for scratch databases alone.

Works with the rights of the tables' owner.
"""

from django.db import connection

from events.models import HELD_STATES, Booking, Event

HELD = ", ".join(f"'{state}'" for state in HELD_STATES)
GUARDS = ((Event, "event_not_oversold"), (Booking, "booking_place_once"))
# A line for each booking that takes or gives back a seat, or is made: in the order of the decisions, because
# whoever decides holds the event's lock when the trigger draws the number.
WATCH = f"""
CREATE TABLE load_log (
    id bigint GENERATED ALWAYS AS IDENTITY, event_id bigint, place integer, is_new boolean, seats integer
);
CREATE FUNCTION load_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO load_log (event_id, place, is_new, seats)
    SELECT NEW.event_id, NEW.place, TG_OP = 'INSERT', (NEW.state IN ({HELD}))::integer
         - CASE TG_OP WHEN 'UPDATE' THEN (OLD.state IN ({HELD}))::integer ELSE 0 END;
    RETURN NULL;
END $$;
CREATE TRIGGER load_note AFTER INSERT OR UPDATE OF state ON events_booking
    FOR EACH ROW EXECUTE FUNCTION load_note();
"""
END_WATCH = (
    "DROP TRIGGER load_note ON events_booking; DROP FUNCTION load_note(); DROP TABLE load_log;"
)
SEEN = """
    SELECT count(*), coalesce(max(held), 0), coalesce(bool_and(place > before) FILTER (WHERE is_new), true)
      FROM (SELECT place, is_new, sum(seats) OVER (ORDER BY id) AS held,
                   coalesce(max(place) FILTER (WHERE is_new) OVER (
                       ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
              FROM load_log WHERE event_id = %s) AS line
"""


def watch(cursor):
    """Note every change of seats from now on."""
    cursor.execute(WATCH)


def end_watch(cursor):
    """Take the trigger and what it noted away."""
    cursor.execute(END_WATCH)


def seen(cursor, event_id):
    """Return (changes noted, the most seats ever held at once, whether the queue is in the order of the decisions)."""
    cursor.execute(SEEN, [event_id])
    return cursor.fetchone()


def _guards():
    """Yield (model, constraint) of GUARDS."""
    for model, name in GUARDS:
        yield model, next(one for one in model._meta.constraints if one.name == name)


def unguard():
    """Drop the constraints that would refuse the seat past the last one, for controls."""
    with connection.schema_editor() as editor:
        for guarded in _guards():
            editor.remove_constraint(*guarded)


def guard():
    """Put them back."""
    with connection.schema_editor() as editor:
        for guarded in _guards():
            editor.add_constraint(*guarded)
