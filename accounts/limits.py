"""How long somebody who met a rate limit has to wait, said in a sentence."""

import math
import time

from allauth.account import app_settings
from allauth.core.internal.ratelimit import get_cache_key, parse_rates
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.crypto import keyed_digest

APP = "allauth.account"
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
