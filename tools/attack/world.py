"""The victims: rows made as the operator could make them, with sessions that are signed in."""

import secrets
import time
from itertools import count
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from accounts.sessions import SessionStore
from tests import factories
from tools.attack.browser import Browser

BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "两江Camellia2026"  # noqa: S105
_phones = count(13_900_000_000 + secrets.randbelow(90_000_000))


def begin():
    """Let the factories' phones begin behind those of the demo."""
    factories._numbers = count(5000 + secrets.randbelow(2000))


def phone():
    """Return a mobile number nobody else has."""
    return str(next(_phones))


def session(user, *, proved=False):
    """Return the cookies of somebody who has just signed in, staff with their second factor.

    `proved`: she has shown once more since that it is she.
    """
    store, now = SessionStore(), time.time()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["account_authentication_methods"] = [
        {"method": "password", "at": now},
        {"method": "mfa", "type": "totp", "at": now},
    ]
    if proved:
        again = {"method": "password", "at": now, "reauthenticated": True}
        store["account_authentication_methods"] += [again]
    store["account_authentication_methods_user"] = str(user.pk)
    store.save()
    return {"sessionid": store.session_key}


def browser(port, user=None, address=None, *, proved=False):
    """Return a browser somebody is signed in with, from a network address of its own."""
    cookies = session(user, proved=proved) if user else None
    return Browser(port, address=address or somewhere(), cookies=cookies)


def somewhere():
    """Return a network address of no network seen before, most likely."""
    return f"{secrets.randbelow(90) + 100}.{secrets.randbelow(250)}.{secrets.randbelow(250)}.9"


def woman(name="林静", *, password=False, **fields):
    """Return a verified talent with an account, a phone that is proved, and PASSWORD if she wants one."""
    person = factories.user(name, phone=phone())
    if password:
        person.set_password(PASSWORD)
        person.save()
    return factories.talent(user=person, full_name=name, **fields)


def event(**fields):
    """Return a published event that can be booked now."""
    now = timezone.now()
    fields.setdefault("starts_at", now + timezone.timedelta(days=3))
    fields.setdefault("booking_opens_at", now - timezone.timedelta(days=1))
    fields.setdefault("published_at", now)
    return factories.event(**fields)


def query(**values):
    """Return values as the query of an address."""
    return urlencode(values)
