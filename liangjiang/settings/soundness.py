"""Settings that cannot work are refused at start, by name, before anything says that it is ready.

Each rule notes what is wrong (`env.refuse` completes "NAME is …"); the settings end with one sentence
about everything that was noted. A value that is not set at all is noted where it is read.
"""

import re
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlsplit

from kernel import env
from liangjiang.settings import api, base, data, delivery, security
from privacy.crypto import parse_ring

ENVIRONMENTS = ("production", "development", "test")
# What Django itself asks of a key (security.W009).
SHORTEST_KEY, FEWEST_CHARACTERS = 50, 5
LOCAL = ("kernel.gateways.LocalSms", "kernel.gateways.LocalMail")


def refuse_unsound():
    """Note everything in the settings that cannot work."""
    if base.PORTAL_ENV not in ENVIRONMENTS:
        env.refuse("PORTAL_ENV", f"not one of {', '.join(ENVIRONMENTS)}")
    _keys()
    _address("DATABASE_URL", base.DATABASE_URL, ("postgresql", "postgres"))
    _address("DATABASE_OWNER_URL", data.DATABASE_OWNER_URL, ("postgresql", "postgres"))
    _address("REDIS_URL", base.REDIS_URL, ("redis", "rediss"))
    _address("SITE_URL", base.SITE_URL, ("https",) if _is_behind_tls() else ("https", "http"))
    _gateway("SMS_GATEWAY", delivery.SMS_GATEWAY, "send")
    _gateway("EMAIL_BACKEND", delivery.EMAIL_BACKEND, "send_messages")
    if "@" not in (delivery.DEFAULT_FROM_EMAIL or "@"):
        env.refuse("DEFAULT_FROM_EMAIL", "not an e-mail address")
    _number("TRUSTED_PROXIES", base.TRUSTED_PROXIES, at_least=0)
    _number("API_REQUESTS_PER_MINUTE", api.API_REQUESTS_PER_MINUTE, at_least=1)
    _number("API_TOKENS_PER_MINUTE", api.API_TOKENS_PER_MINUTE, at_least=1)
    _number("EMAIL_PORT", delivery.EMAIL_PORT, at_least=1, at_most=65535)


def _is_behind_tls():
    return base.PRODUCTION and security.SECURE_SSL_REDIRECT


def _keys():
    key = base.SECRET_KEY
    if base.PRODUCTION and key and (len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS):
        env.refuse("SECRET_KEY", f"shorter than {SHORTEST_KEY} characters, or far too regular")
    if base.FIELD_KEYS:
        try:
            parse_ring(base.FIELD_KEYS)
        except ValueError as error:
            env.refuse("FIELD_KEYS", str(error))
    for name in ("INDEX_KEY", "AUDIT_KEY"):
        if (value := getattr(base, name)) and not re.fullmatch("[0-9a-fA-F]{64}", value):
            env.refuse(name, "not 64 hexadecimal digits")


def _address(name, url, schemes):
    """Refuse an address that is none; it may hold a password and is never repeated."""
    if not url:
        return
    try:
        parts = urlsplit(url)
        is_sound = bool(parts.scheme in schemes and parts.hostname and parts.port != 0)
    except ValueError:
        is_sound = False
    if not is_sound:
        env.refuse(
            name, f"not an address that begins with {' or '.join(f'{s}://' for s in schemes)}"
        )


def _number(name, value, *, at_least, at_most=None):
    if value < at_least or (at_most is not None and value > at_most):
        env.refuse(
            name, f"less than {at_least}" if at_most is None else f"not {at_least} to {at_most}"
        )


def _gateway(name, path, method):
    """Refuse a class that does not exist, cannot send, is a developer's, or lacks what it needs.

    A gateway may name the package it needs (`package`) and variables of its own (`needs`).
    """
    if not path:
        return
    if base.PRODUCTION and path in LOCAL:
        env.refuse(name, "the one that only writes files for a developer")
        return
    module, _, attribute = path.rpartition(".")
    try:
        gateway = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError):
        env.refuse(name, f"{path}, which does not exist")
        return
    if not callable(getattr(gateway, method, None)):
        env.refuse(name, f"{path}, which cannot send")
    package = getattr(gateway, "package", "")
    if package and find_spec(package) is None:
        env.refuse(name, f"{path}, whose package {package} is not installed (EXTRAS=aliyun)")
    for variable in getattr(gateway, "needs", ()):
        env.secret(variable)
