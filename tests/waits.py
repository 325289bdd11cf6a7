"""Waiting until another connection waits, so that a race is run in the order a test means."""

from time import sleep

from django.db import connection

WAITING = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def until_waiting(count=1, done=None):
    """Return once `count` connections to this database wait for a lock, or the signal `done` is set."""
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= count or (done and done.is_set()):
                return
        sleep(0.05)
    raise TimeoutError
