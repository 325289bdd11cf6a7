"""Sessions, sealed: what a half-finished sign-in keeps is her number and the code that opens it.

Django signs a session but does not hide it. allauth keeps phone, e-mail address and one-time code
in it, and Redis writes its copy to disk. Both copies are encrypted with the ring of FIELD_KEYS; a
session of a key that is gone, or one written before this, is an empty one: she signs in again.
"""

import base64

from django.contrib.sessions.backends import cached_db

from privacy import crypto

LABEL = "sessions.session.session_data"


class SealedCache:
    """The cache as cached_db uses it, holding sealed text instead of the session's dictionary."""

    def __init__(self, cache, store):
        self.cache, self.store = cache, store

    def get(self, key):
        """Return the session's dictionary; None for none, and for one that does not open."""
        sealed = self.cache.get(key)
        return (self.store.decode(sealed) or None) if isinstance(sealed, str) else None

    def set(self, key, data, timeout):
        """Keep the dictionary sealed."""
        self.cache.set(key, self.store.encode(data), timeout)

    def delete(self, key):
        """Drop the session from the cache; the database row is the caller's matter."""
        self.cache.delete(key)

    def __contains__(self, key):
        return key in self.cache


class SessionStore(cached_db.SessionStore):
    """Django's cached_db sessions, encrypted in both places."""

    def __init__(self, session_key=None):
        super().__init__(session_key)
        self._cache = SealedCache(self._cache, self)

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
