"""Sessions, sealed: what a half-finished sign-in keeps is her number and the code that opens it.

Django signs a session but does not hide it. allauth keeps phone, e-mail address and one-time code
in it. The row is encrypted with the ring of FIELD_KEYS; a session of a key that is gone, or one
written before this, is an empty one: she signs in again.

The table alone, no copy in Redis: a copy costs one query less, but without Redis every signed-in page
failed, and a session that ended while Redis was away was back with it.

The row names whose session it is, so that one statement brings session, user and what apps declare to
be read along with her (kernel.portal, field `read_with_user`): every signed-in page begins with it. Its
columns are named; what is encrypted or long is fetched by the page that shows it.
"""

import base64
import re
from contextlib import suppress
from datetime import timedelta
from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Session, User
from kernel import portal
from kernel.prepared import Statement
from privacy import crypto

LABEL = "accounts.session.session_data"
KEY = re.compile(r"[a-z0-9]{8,40}")
USER = (
    "id",
    "code",
    "password",
    "full_name",
    "phone_verified",
    "department",
    "unit",
    "language",
    "is_staff",
    "is_superuser",
    "is_active",
    "device_round",
)
DEVICE_KEY = "portal_device"
SEEN_STEP = timedelta(minutes=10)


@cache
def _statement():
    """Return (Statement, [(model, names of its columns)], names of counts) that read a session and whose it is."""
    parts = [(User, USER)]
    parts += [(apps.get_model(label), n) for label, n in portal.merged("read_with_user").items()]
    # In the order in which from_db takes them: that of the model, the key first.
    parts = [
        (model, [field.attname for field in model._meta.concrete_fields if field.name in names])
        for model, names in parts
    ]
    columns = [f"{model._meta.db_table}.{name}" for model, names in parts for name in names]
    joins = [
        f"LEFT JOIN {model._meta.db_table} ON {model._meta.db_table}.user_id = accounts_user.id"
        for model, _names in parts[1:]
    ]
    counted = portal.merged("counted_with_user")
    places = {"who": "accounts_user.id", "at": "%(at)s"}
    columns += [query.counted(**places) for query in counted.values()]
    sql = f"""
        SELECT session_data, seen_at, {", ".join(columns)}
          FROM accounts_session LEFT JOIN accounts_user ON accounts_user.id = accounts_session.user_id
               {" ".join(joins)}
         WHERE session_key = %(key)s AND expire_date > %(at)s
    """  # noqa: S608 (names of our own models)
    return Statement(sql, key="text", at="timestamptz"), parts, tuple(counted)


def _people(row, parts, counted):
    """Return the User of a row read by `_statement`, with her other rows and counts; None where there is none."""
    found, at = [], 0
    for model, names in parts:
        values = row[at : at + len(names)]
        found.append(model.from_db("default", names, values) if values[0] is not None else None)
        at += len(names)
    user, *others = found
    if user is not None:
        user.counts = dict(zip(counted, row[at:], strict=True))
    for (model, _names), other in zip(parts[1:], others, strict=True):
        if user is not None:
            model._meta.get_field("user").remote_field.set_cached_value(user, other)
        if other is not None:
            other.user = user
    return user


class SessionStore(db.SessionStore):
    """Django's sessions in the database, encrypted, each with the person it belongs to."""

    owner = None  # the User the row was read with
    seen_at = None  # when she was last seen here, to SEEN_STEP

    @classmethod
    def get_model_class(cls):
        """Return the table."""
        return Session

    def load(self):
        """Return the session's dictionary, and keep whose it is."""
        statement, parts, counted = _statement()
        with connection.cursor() as cursor:
            statement.execute(cursor, {"key": self.session_key, "at": timezone.now()})
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        self.seen_at, self.owner = row[1], _people(row[2:], parts, counted)
        return self.decode(row[0])

    def signed_in(self):
        """Return the User this session has signed in, out of the row it was read with; None where in doubt.

        In doubt is everything but the plain case: another row, an account that may not sign in, a password
        changed since. django.contrib.auth.get_user decides that.
        """
        user_id, user = self.get(SESSION_KEY), self.owner
        plain = user is not None and user.is_active and str(user.pk) == user_id
        if not plain or self.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
            return None
        known = constant_time_compare(self.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
        return user if known else None

    def create_model_instance(self, data):
        """Return the row for `data`, which names who is signed in, and with what kind of browser."""
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.browser, row.system = data.get(DEVICE_KEY, ("", ""))
        return row

    def touch(self):
        """Note that she was here just now; the row's other columns stay as another request may have written them."""
        now = timezone.now()
        if self.seen_at is None or now - self.seen_at < SEEN_STEP:
            return
        with suppress(OperationalError):  # a page is read without it
            Session.objects.filter(pk=self.session_key).update(seen_at=now)

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
