"""The version of what public pages show: a PostgreSQL sequence.

`touch()` moves it after the surrounding transaction has committed; every process reads it again at
most every half second. The models an app declares (kernel.portal, field `public_models`) touch it on
every save and delete. Code that writes past `save()` (`QuerySet.update`, bulk writes, SQL, triggers)
calls `touch()` itself in the same transaction. Moving a sequence takes no lock, so writers do not queue
behind each other.

What moves many times a second, like the seats of an event, is no content: it is a hole of the page
(kernel.holes), and a booking leaves the version alone.
"""

import time

from django.db import connection, transaction
from django.db.models.signals import post_delete, post_save

VERSION_SECONDS = 0.5

_version = {"value": None, "read_at": None}


def touch():
    """Say that public content changed; takes effect when the current transaction commits."""
    # Robust: a page that is half a minute old is no reason to fail what was just committed.
    transaction.on_commit(_move_version, robust=True)


def _move_version():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('public_content_version')")
    _version["read_at"] = None


def version():
    """Return the version of the public content, at most `VERSION_SECONDS` old."""
    now = time.monotonic()
    if _version["read_at"] is None or now - _version["read_at"] >= VERSION_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT last_value, is_called FROM public_content_version")
            _version.update(value=cursor.fetchone(), read_at=now)
    return _version["value"]


def known():
    """Return the version as it was last read, None where it was not: no query."""
    return _version["value"]


def forget():
    """Have the version read again the next time it is asked for."""
    _version.update(value=None, read_at=None)


def watch(*labels):
    """Touch on every save and delete of the models named by `labels` ("app.Model")."""
    for label in labels:
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=label, dispatch_uid=f"public content {label}")


def _changed(sender, **kwargs):
    touch()
