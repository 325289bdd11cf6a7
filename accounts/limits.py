"""How long somebody who met a rate limit has to wait, said in a sentence."""

import hashlib
import math
import time
from contextlib import suppress

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_cache_key, parse_rates
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from redis import RedisError

from accounts import devices
from kernel import redis_keys, sms_budget
from privacy.crypto import keyed_digest

APP = "allauth.account"
SIGN_IN, RESET = "request_login_code", "reset_password_code"
# Codes we count ourselves, by whoever asks; allauth counts the other ones by the contact.
BY_ASKER = (SIGN_IN, RESET)
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
    whatever contacts. A device known to her asks for codes to sign in and for a new password by itself.
    """
    if action in BY_ASKER and (device := devices.known_for(request, contact)):
        return wait(request, ["known_device_code"], [device])
    asker = asked_by(request, contact)
    account = [str(request.user.pk)] if request.user.is_authenticated else []
    return max(
        wait(request, [action], [asker if action in BY_ASKER else contact]),
        wait(request, ["codes"], [asker]),
        wait(request, ["mails"] if "@" in contact else [], [contact]),
        wait(request, ["codes_account"], account),
    )


def asked_by(request, contact):
    """Return what codes for `contact` are counted by: a mail address in each network by itself.

    So nobody who asks in her name uses up what she may ask for; all mails together have a limit of their own.
    An SMS costs and pesters, wherever it was asked for: a phone is counted by itself.
    """
    return f"{contact} {network(request)}" if "@" in contact else contact


def network(request):
    """Return the network a request comes from, as the limits for strangers count by it."""
    return sms_budget.network_of(get_adapter().get_client_ip(request))


def count_asked(request, action, contact):
    """Count a code of BY_ASKER; False where none may go."""
    if device := devices.known_for(request, contact):
        return bool(ratelimit.consume(request, action="known_device_code", key=device))
    return bool(ratelimit.consume(request, action=action, key=asked_by(request, contact)))


def count_code(request, contact):
    """Count a code of whatever purpose that is about to leave; raises RateLimited where it is one too many."""
    if devices.known_for(request, contact):
        return
    asker = asked_by(request, contact)
    ratelimit.consume(request, action="codes", key=asker, raise_exception=True)
    if "@" in contact:
        ratelimit.consume(request, action="mails", key=contact, raise_exception=True)
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


def guess_counter(request, user, *, sent):
    """Return the (action, key) that wrong codes typed for `user` (or None) from here are counted by.

    Her own devices count by themselves. A code that was `sent` has three guesses anyway and only so many are
    sent, so strangers are counted in each network: none uses up what she may type. Codes of an app have
    no such cap: for an account they are counted in one sum.
    """
    if device := devices.known(request, user):
        return "known_device_guess", device
    account = str(getattr(user, "pk", ""))
    return "code_failed", f"{account} {network(request)}" if sent else account


def forget_strangers(request, user):
    """At her own device, take back what allauth counted of failed second factors: `guess_counter` counts there."""
    if not devices.known(request, user):
        return
    action, key = "login_failed", f"mfa-auth-user-{user.pk}"
    for rate in parse_rates(app_settings.RATE_LIMITS.get(action)):
        if rate.per == "key":
            cache.delete(get_cache_key(request, app=APP, action=action, rate=rate, key=key))


def within(name, most, seconds):
    """Count something, in one step; False from the time on it has happened more than `most` times in `seconds`."""
    cache.add(name, 0, seconds)
    return cache.incr(name) <= most


def once(*parts, seconds):
    """Tell whether this is the first time within `seconds` that something was used; parts are str."""
    return cache.add(f"used-once:{keyed_digest('used-once', *parts)}", 1, seconds)


def forget(contacts):
    """Drop what is counted by these phones and addresses: allauth's names hold a digest that trying all would open."""
    for contact in contacts:
        with suppress(RedisError):
            digest = hashlib.sha256(contact.encode()).hexdigest()
            for name in redis_keys.matching(f"allauth:rl:*{digest}*"):
                cache.delete(name)
