"""How many text messages may leave in an hour: each one costs, and a form that sends codes is open to all.

Four budgets, each for one hour of the clock: for one phone (somebody is pestered), for codes asked for from one
network (/24 of IPv4, /56 of IPv6), for codes altogether, for everything. Codes have a budget of their own, so
that whoever spends it cannot keep notices from leaving. Eight tenths and the end of the last two are
written to the log as errors: that is the alarm.
"""

import logging
import time
from ipaddress import ip_network

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis import RedisError

logger = logging.getLogger(__name__)
HOUR = 3600
ALARM_AT = 0.8
PREFIXES = {4: 24, 6: 56}


def overspent(phone, *, is_code, address=""):
    """Count one message about to leave; return the budget it would overspend ("phone" …), or None.

    `address` is the network address of whoever asked for a code, "" where nobody knows. Every budget is counted,
    so that going on trying after a refusal earns nothing. Without Redis nothing is counted and everything
    passes: a code that does not come would lock everybody out, and the provider has limits as well.
    """
    try:
        counts = {name: _count(f"{name}:{key}") for name, key in _budgets(phone, is_code, address)}
    except RedisError as error:
        logger.warning("SMS not counted: %s", type(error).__name__)
        return None
    for name in ("codes", "all"):
        _alarm(name, counts.get(name, 0))
    return next((name for name, n in counts.items() if n > settings.SMS_BUDGETS[name]), None)


def _budgets(phone, is_code, address):
    """Return the (name, key) of the budgets a message is paid from."""
    budgets = [("phone", _digest(phone))]
    if is_code and address:
        budgets.append(("network", _digest(_network(address))))
    if is_code:
        budgets.append(("codes", ""))
    return [*budgets, ("all", "")]


def _digest(text):
    """Return what stands in Redis for a number or network: nothing that trying all of them would open."""
    return salted_hmac("kernel.sms_budget", text, algorithm="sha256").hexdigest()


def _network(address):
    """Return the network an address belongs to; one household's or one firm's is counted as one."""
    try:
        whole = ip_network(address)
    except ValueError:
        return "unknown"
    return str(whole.supernet(new_prefix=PREFIXES[whole.version]))


def _count(key):
    """Add one to the count of this hour and return it; atomic, however many ask at once."""
    key = f"sms:{int(time.time()) // HOUR}:{key}"
    cache.add(key, 0, HOUR + 60)
    return cache.incr(key)


def _alarm(name, count):
    budget = settings.SMS_BUDGETS[name]
    if count == max(int(budget * ALARM_AT), 1):
        logger.error("SMS budget of the hour (%s): %s of %s are spent", name, count, budget)
    if count == budget + 1:
        logger.error("SMS budget of the hour (%s): all %s are spent, no more leave", name, budget)
