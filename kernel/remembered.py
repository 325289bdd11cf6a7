"""Figures counted now and then: kept in the cache for a while, counted anew where Redis is away."""

import logging

from django.core.cache import cache
from redis import RedisError

logger = logging.getLogger(__name__)


def remembered(key, seconds, count):
    """Return what `count()` found at most `seconds` ago, or finds now."""
    try:
        found = cache.get(key)
    except RedisError as error:
        logger.warning("figures are counted anew: %s", type(error).__name__)
        return count()
    if found is None:
        found = count()
        _keep(key, found, seconds)
    return found


def _keep(key, found, seconds):
    try:
        cache.set(key, found, seconds)
    except RedisError as error:
        logger.warning("figures were not kept: %s", type(error).__name__)
