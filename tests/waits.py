"""Waiting until another connection waits, so that a race is run in the order a test means."""

import threading
from time import sleep

from django.db import IntegrityError, connection, transaction

from kernel.errors import DomainError

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


def beside(first, second):
    """Run `second` while `first` has written and not committed; returns what it met: the code of a DomainError, the
    class of an IntegrityError, None.
    """
    inside, done, met = threading.Event(), threading.Event(), [None]

    def other():
        inside.wait(10)
        try:
            second()
        except DomainError as error:
            met[0] = error.code
        except IntegrityError as error:
            met[0] = type(error)
        finally:
            connection.close()
            done.set()

    thread = threading.Thread(target=other)
    thread.start()
    try:
        with transaction.atomic():
            first()
            inside.set()
            until_waiting(done=done)
    finally:
        inside.set()
        thread.join(20)
    return met[0]
