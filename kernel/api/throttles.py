"""How often a client may call: REST framework's counting, with limits read from the settings."""

import logging

from django.conf import settings
from redis import RedisError
from rest_framework.throttling import SimpleRateThrottle

logger = logging.getLogger(__name__)


class PerMinute(SimpleRateThrottle):
    """At most `settings.<setting>` requests in any sixty seconds for one `get_cache_key`.

    The count is read and written in two steps, so requests of the same instant may slip past the
    limit together, and without Redis everybody passes: it protects capacity, not data.
    """

    setting = ""

    def get_rate(self):
        """Return the rate of this moment; the class attribute would freeze it at import."""
        return f"{getattr(settings, self.setting)}/min"

    def allow_request(self, request, view):
        """Count the request; without Redis nobody is turned away."""
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            logger.warning("rate limit not counted: %s", type(error).__name__)
            return True
