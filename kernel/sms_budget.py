"""How many text messages may leave in an hour: each one costs, and a form that sends codes is open to all.

Four budgets, each for one hour of the clock: for one phone (somebody is pestered), for codes asked for from one
network (/24 of IPv4, /56 of IPv6), for codes altogether, for everything. Codes have a budget of their own, so
that whoever spends it cannot keep notices from leaving. Eight tenths and the end of the last two are
written to the log as errors, and half of the codes: that is the alarm. From half of the network's or the codes'
on, whoever asks for one shows first that she is no program (`codes_run_short`).
"""

import logging
import time
from functools import lru_cache
from ipaddress import ip_network

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis import RedisError

logger = logging.getLogger(__name__)
HOUR = 3600
SHORT_AT, ALARM_AT = 0.5, 0.8
PREFIXES = {4: 24, 6: 56}


def overspent(phone, *, is_code, address=""):
    """Count one message about to leave; return the budget it would overspend ("phone" …), or None.

    `address` is the network address of whoever asked for a code, "" where nobody knows. Every budget is counted,
    so that going on trying after a refusal earns nothing. Without Redis nothing is counted and everything
    passes: a code that does not come would lock everybody out, and the provider has limits as well.
    """
    keys = {name: _key(name, key) for name, key in _budgets(phone, is_code, address)}
    try:
        counts = dict(zip(keys, _count(keys.values()), strict=True))
    except RedisError as error:
        logger.warning("SMS not counted: %s", type(error).__name__)
        return None
    for name in ("codes", "all"):
        _alarm(name, counts.get(name, 0))
    return next((name for name, n in counts.items() if n > settings.SMS_BUDGETS[name]), None)


def codes_run_short(address):
    """Tell whether half of the codes of this hour are spent, by the network of `address` or by everybody.

    One look at the counts that `overspent` keeps; without Redis there is none, and nothing runs short.
    """
    keys = {name: _key(name, key) for name, key in _budgets_of_codes(address)}
    try:
        counts = cache.get_many(keys.values())
    except RedisError as error:
        logger.warning("SMS not counted: %s", type(error).__name__)
        return False
    return any(counts.get(key, 0) >= _half(name) for name, key in keys.items())


def _half(name):
    return max(int(settings.SMS_BUDGETS[name] * SHORT_AT), 1)


def _budgets(phone, is_code, address):
    """Return the (name, key) of the budgets a message is paid from."""
    of_codes = _budgets_of_codes(address) if is_code else []
    return [("phone", _digest(phone)), *of_codes, ("all", "")]


def _budgets_of_codes(address):
    network = [("network", _digest(network_of(address)))] if address else []
    return [*network, ("codes", "")]


def _digest(text):
    """Return what stands in Redis for a number or network: nothing that trying all of them would open."""
    return salted_hmac("kernel.sms_budget", text, algorithm="sha256").hexdigest()


def network_of(address):
    """Return the network an address belongs to, as text; one household's or one firm's is counted as one."""
    try:
        whole = ip_network(address)
    except ValueError:
        return "unknown"
    return str(whole.supernet(new_prefix=PREFIXES[whole.version]))


def _key(name, key):
    """Return under what a budget of this hour is counted."""
    return f"sms:{int(time.time()) // HOUR}:{name}:{key}"


# One command and one answer for all counts: as eight, packing and reading them cost more than Redis' own work.
COUNT = """
    local counts = {}
    for place, key in ipairs(KEYS) do
        counts[place] = redis.call('INCR', key)
        if counts[place] == 1 then redis.call('EXPIRE', key, ARGV[1]) end
    end
    return counts
"""


def _count(keys):
    """Add one to each count and return them; atomic, however many ask at once."""
    return _script(cache._cache)([*map(cache.make_and_validate_key, keys)], [HOUR + 60])


@lru_cache(maxsize=64)
def _script(connections):
    """Return COUNT for the Redis behind a cache's connections; making a client costs more than asking it."""
    return connections.get_client(None, write=True).register_script(COUNT)


def _alarm(name, count):
    budget = settings.SMS_BUDGETS[name]
    if name == "codes" and count == _half(name):
        logger.error(
            "SMS budget of the hour (codes): half of %s are spent, now asked for with a picture",
            budget,
        )
    if count == max(int(budget * ALARM_AT), 1):
        logger.error("SMS budget of the hour (%s): %s of %s are spent", name, count, budget)
    if count == budget + 1:
        logger.error("SMS budget of the hour (%s): all %s are spent, no more leave", name, budget)
