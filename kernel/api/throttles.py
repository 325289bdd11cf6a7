"""How often a client may call: REST framework's counting, with limits read from the settings."""

import logging
import math

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
    policy = ""  # its name in the headers
    history = None

    def get_rate(self):
        """Return the rate of this moment; the class attribute would freeze it at import."""
        return f"{getattr(settings, self.setting)}/min"

    def allow_request(self, request, view):
        """Count the request; without Redis nobody is turned away."""
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            logger.warning("rate limit not counted: %s", type(error).__name__)
            self.history = None
            return True

    def headers(self):
        """Return how much is left, as draft-ietf-httpapi-ratelimit-headers-11 writes it; {} where nothing was counted.

        `q` requests in `w` seconds are allowed, `r` are left; the oldest counted one is forgotten in `t` seconds.
        """
        if self.history is None:
            return {}
        left = max(self.num_requests - len(self.history), 0)
        oldest = self.history[-1] if self.history else self.now
        wait = math.ceil(oldest + self.duration - self.now)
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.num_requests};w={self.duration}',
            "RateLimit": f'"{self.policy}";r={left};t={wait}',
        }


class ShowsLimits:
    """An API view whose answers say how much of its limits is left, long before one is reached."""

    counted = ()

    def get_throttles(self):
        """Remember who counts."""
        self.counted = super().get_throttles()
        return self.counted

    def finalize_response(self, request, response, *args, **kwargs):
        """Add the headers of those that have counted; a request refused earlier was not."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for throttle in self.counted:
            for name, value in throttle.headers().items():
                response.headers[name] = value
        return response
