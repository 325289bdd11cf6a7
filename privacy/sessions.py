"""Sessions, sealed: what a half-finished sign-in keeps is her number and the code that opens it.

Django signs a session but does not hide it. allauth keeps phone, e-mail address and one-time code
in it. The row is encrypted with the ring of FIELD_KEYS; a session of a key that is gone, or one
written before this, is an empty one: she signs in again.

The table alone, no copy in Redis: a copy costs one query less, but without Redis every signed-in page
failed, and a session that ended while Redis was away was back with it.
"""

import base64
import re

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError

from privacy import crypto

LABEL = "sessions.session.session_data"
KEY = re.compile(r"[a-z0-9]{8,40}")


class SessionStore(db.SessionStore):
    """Django's sessions in the database, encrypted."""

    def _validate_session_key(self, key):
        """Take only what a key of ours looks like: a cookie may hold anything, even NUL."""
        return bool(key) and KEY.fullmatch(key) is not None

    def save(self, must_create=False):
        """Write the row; raises UpdateError where it is gone, the database's own error where that is full or away.

        Django takes each error of an update for a session deleted meanwhile and answers 400: the
        visitor would read that her request was not understood, when it is to be tried again later.
        """
        try:
            super().save(must_create)
        except UpdateError as gone:
            if isinstance(gone.__context__, OperationalError):
                raise gone.__context__ from gone.__context__.__cause__
            raise

    def encode(self, session_dict):
        """Return the dictionary as encrypted text."""
        text = self.serializer().dumps(session_dict).decode("latin-1")
        return base64.b64encode(crypto.encrypt(LABEL, text)).decode()

    def decode(self, session_data):
        """Return the dictionary `encode` hid; an empty one for anything else."""
        try:
            text = crypto.decrypt(LABEL, base64.b64decode(session_data, validate=True))
            return self.serializer().loads(text.encode("latin-1"))
        except ValueError:
            return {}
