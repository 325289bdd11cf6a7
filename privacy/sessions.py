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

from privacy import crypto

LABEL = "sessions.session.session_data"
KEY = re.compile(r"[a-z0-9]{8,40}")


class SessionStore(db.SessionStore):
    """Django's sessions in the database, encrypted."""

    def _validate_session_key(self, key):
        """Take only what a key of ours looks like: a cookie may hold anything, even NUL."""
        return bool(key) and KEY.fullmatch(key) is not None

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
