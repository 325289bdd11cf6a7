"""Browsers she has signed in with: what strangers fail at does not shut them out.

Limits count failed sign-ins and codes asked for by account, so anybody could use them up and keep her out. A
browser that was signed in keeps a cookie, and what is tried from there is counted by itself: the cap is small, a
lost phone in a stranger's hand guesses no better than anywhere else. The cookie opens nothing.

It holds a random word for the browser and a keyed digest for each account that was signed in there, so it names
nobody. The digest is of the password's own digest and of a number that "sign out everywhere" raises, so both make
strangers of all browsers at once, without a list of them.
"""

import secrets

from allauth.account.internal.userkit import filter_users_by_email
from django.conf import settings

from accounts.models import User
from privacy.crypto import keyed_digest

COOKIE = "device"
KNOWN_SECONDS = 180 * 24 * 3600
# People who share one computer; who signs in after them pushes the first one out.
MOST_ACCOUNTS = 4


def known(request, user):
    """Return the key that tries for `user` (or None: nobody) from this browser are counted by, "" where it is strange."""
    device, marks = _read(request)
    mark = _mark(device, user)
    return f"{device}.{mark}" if mark in marks else ""


def known_for(request, contact):
    """Return what `known` does for whoever signs in with `contact` (11 digits or an address)."""
    if COOKIE not in request.COOKIES:
        return ""
    if "@" in contact:
        users = filter_users_by_email(contact, is_active=True, prefer_verified=True, for_login=True)
        return known(request, users[0] if users else None)
    user = User.objects.get_by_phone(contact)
    return known(request, user if user and user.phone_verified else None)


def remember(request, response, user):
    """Note in the browser that `user` is signed in there."""
    if known(request, user):
        return
    device, marks = _read(request)
    device = device or secrets.token_hex(12)
    marks = [_mark(device, user), *marks][:MOST_ACCOUNTS]
    response.set_signed_cookie(
        COOKIE,
        ".".join([device, *marks]),
        max_age=KNOWN_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request):
    """Return (word of the browser, digests of its accounts); ("", []) where the cookie is missing or not ours."""
    value = request.get_signed_cookie(COOKIE, default="", max_age=KNOWN_SECONDS)
    device, *marks = value.split(".")
    return device, marks


def _mark(device, user):
    who = (str(user.pk), user.get_session_auth_hash(), str(user.device_round)) if user else ()
    return keyed_digest("known-device", device, *who)[:32]
