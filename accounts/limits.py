"""How long somebody who met a rate limit has to wait, said in a sentence."""

import math
import time

from allauth.account import app_settings
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_cache_key, parse_rates
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import devices
from privacy.crypto import keyed_digest

APP = "allauth.account"
SIGN_IN = "request_login_code"
# Guesses at one code, in whatever number of requests at once.
MOST_GUESSES = 3
CODE_SECONDS = 10 * 60


def wait(request, actions, keys=()):
    """Return the seconds until every limit of `actions` has room again; 0 when none is full.

    `keys` are the phone numbers, addresses or other keys the limits may have counted by.
    """
    now, longest = time.time(), 0
    for action in actions:
        for rate in parse_rates(app_settings.RATE_LIMITS.get(action)):
            if rate.per == "user" and not request.user.is_authenticated:
                continue
            for key in keys if rate.per == "key" else (None,):
                name = get_cache_key(request, app=APP, action=action, rate=rate, key=key)
                times = [t for t in cache.get(name, []) if t > now - rate.duration]
                if len(times) >= rate.amount:
                    longest = max(longest, times[rate.amount - 1] + rate.duration - now)
    return longest


def wait_for_code(request, action, contact):
    """Return the seconds until a code may go to `contact` (11 digits or an address); 0 when it may now.

    `action` is the purpose; what was asked for other purposes counts as well, and what an account asks for
    whatever contacts. A device known to her asks for sign-in codes by itself.
    """
    if action == SIGN_IN and (device := devices.known_for(request, contact)):
        return wait(request, ["known_device_code"], [device])
    seconds = wait(request, [action, "codes"], [contact])
    asker = [str(request.user.pk)] if request.user.is_authenticated else []
    return max(seconds, wait(request, ["codes_account"], asker))


def count_sign_in_code(request, contact):
    """Count a code asked for to sign in with, or to prove oneself again; False where none may go."""
    if device := devices.known_for(request, contact):
        return bool(ratelimit.consume(request, action="known_device_code", key=device))
    return bool(ratelimit.consume(request, action=SIGN_IN, key=contact))


def count_code(request, contact):
    """Count a code of whatever purpose that is about to leave; raises RateLimited where it is one too many."""
    if devices.known_for(request, contact):
        return
    ratelimit.consume(request, action="codes", key=contact, raise_exception=True)
    if request.user.is_authenticated:
        asker = str(request.user.pk)
        ratelimit.consume(request, action="codes_account", key=asker, raise_exception=True)


def sentence(seconds):
    """Say how long to wait, in whole minutes, from two hours on in hours."""
    minutes = max(1, math.ceil(seconds / 60))
    if minutes < 120:
        sentence = ngettext(
            "尝试次数过多，请 %(minutes)s 分钟后再试。",
            "尝试次数过多，请 %(minutes)s 分钟后再试。",
            minutes,
        )
        return sentence % {"minutes": minutes}
    # Two hours at least: no singular.
    return _("尝试次数过多，请 %(hours)s 小时后再试。") % {"hours": math.ceil(minutes / 60)}


def may_guess(request, code):
    """Count a guess at the code sent in this session; False once three were made, at whatever pace.

    allauth counts in the session, which requests made at the same moment read before any has written it.
    The counter in Redis is one step. `code` "" stands for an account that does not exist: it is counted alike.
    """
    name = keyed_digest("code-guesses", request.session.session_key or "", code or "")
    return within(f"code-guesses:{name}", MOST_GUESSES, CODE_SECONDS)


def within(name, most, seconds):
    """Count something, in one step; False from the time on it has happened more than `most` times in `seconds`."""
    cache.add(name, 0, seconds)
    return cache.incr(name) <= most


def once(*parts, seconds):
    """Tell whether this is the first time within `seconds` that something was used; parts are str."""
    return cache.add(f"used-once:{keyed_digest('used-once', *parts)}", 1, seconds)
