"""Counting requests per minute in Redis: one round trip, shared by all workers."""

import logging
from functools import lru_cache

from django.conf import settings
from redis import Redis, RedisError

logger = logging.getLogger(__name__)
WINDOW_SECONDS = 60


@lru_cache(maxsize=1)
def _redis(url):
    return Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5)


def seconds_to_wait(name, *, limit, now):
    """Count one request of `name` and return how long it has to wait: 0 up to `limit` a minute.

    `now` is an aware datetime. Windows are whole minutes, so a client may do twice the limit across
    a boundary; that is cheap and good enough to protect the server. Without Redis everybody passes:
    the limit protects capacity, not data.
    """
    moment = now.timestamp()
    window = int(moment // WINDOW_SECONDS)
    key = f"rate:{name}:{window}"
    try:
        with _redis(settings.REDIS_URL).pipeline(transaction=False) as pipe:
            count, _ = pipe.incr(key).expire(key, WINDOW_SECONDS * 2).execute()
    except RedisError as error:
        logger.warning("rate limit not counted: %s", type(error).__name__)
        return 0
    return 0 if count <= limit else int((window + 1) * WINDOW_SECONDS - moment) + 1


def client_address(request):
    """Return the client's address: the hop the outermost trusted proxy saw, else the peer's.

    X-Forwarded-For is written by anybody, so only the last TRUSTED_PROXIES entries are believed.
    """
    hops = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted and hops[-trusted]:
        return hops[-trusted]
    return request.META.get("REMOTE_ADDR", "")
