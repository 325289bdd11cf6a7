"""Error pages in the portal's own look; they carry no personal data and need no database.

The templates stand alone: no base template, no user, no query. The partner API is answered in its
own form (problem+json) for addresses that do not exist and for faults outside its views.
"""

import sys

from django.http import HttpResponse
from django.template.loader import render_to_string

from accounts import kept
from accounts import middleware as accounts
from kernel import outages
from kernel.api import errors as api_errors

API = "/api/"
CODES = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    429: "rate_limited",
    500: "server_error",
    503: "unavailable",
}
RETRY_SECONDS = 30


def _answer(request, status, template=None):
    if request.path.startswith(API):
        response = api_errors.answer(CODES[status])
    else:
        context = {"english": accounts.reads_english(request)}
        page = render_to_string(template or f"{status}.html", context)
        response = HttpResponse(page, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request, exception=None):
    """Answer a request that cannot be understood."""
    return _answer(request, 400)


def forbidden(request, exception=None):
    """Answer somebody who may not see this."""
    return _answer(request, 403)


def csrf_failure(request, reason=""):
    """Answer an expired form: back to its page with what was typed; what is not ours gets 403."""
    return kept.try_again(request) or _answer(request, 403, "403_csrf.html")


def not_found(request, exception=None):
    """Answer an address that does not exist, or that is not for this reader."""
    return _answer(request, 404)


def too_many(request, exception=None):
    """Answer somebody who asks too often; a page says how long to wait (accounts knows the limits)."""
    return _answer(request, 429) if request.path.startswith(API) else accounts.too_many(request)


def server_error(request):
    """Answer when the portal failed; the cause is in the log.

    Django calls this while the error is being handled. What passes by itself (a database that is away
    or full, a lost Redis, a deadlock met twice) is 503: nothing was kept of the request, later it works.
    """
    error = sys.exc_info()[1]
    if error is None or not (outages.is_outage(error) or outages.is_deadlock(error)):
        return _answer(request, 500)
    response = _answer(request, 503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


class ReadableRefusal:
    """Give an address that only takes what is sent (405) a page; Django leaves it blank."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass on; put the page into an empty answer."""
        response = self.get_response(request)
        is_blank = response.status_code == 405 and not response.streaming and not response.content
        if not is_blank or request.path.startswith(API):
            return response
        page = _answer(request, 405)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page
