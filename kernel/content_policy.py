"""The Content-Security-Policy header: django-csp's, written once for each set of rules and not in every answer."""

from functools import cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy


@cache
def _everybodys():
    """Return the policy of an answer that asks for nothing of its own."""
    return build_policy()


class ContentPolicy(CSPMiddleware):
    """django-csp's middleware; only what asks for rules of its own (the admin, the API's documentation) is left to it."""

    OF_ONE_ANSWER = ("_csp_update", "_csp_replace", "_csp_config", "_csp_exempt")

    def process_response(self, request, response):
        """Set the header."""
        of_its_own = any(hasattr(response, name) for name in self.OF_ONE_ANSWER)
        if of_its_own or getattr(request, "_csp_nonce", None):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _everybodys())
        return response
