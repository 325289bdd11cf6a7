"""One id for each request, from the proxy through every line of the log to the worker's task.

The proxy makes it and writes it into its own log; where no proxy of ours stands in front, or it sent
none, it is made here. Each answer carries it, so that somebody can say which request she means.
"""

import re
import uuid
from contextvars import ContextVar

from django.conf import settings

HEADER = "X-Request-Id"
FORM = re.compile(r"[0-9A-Za-z-]{8,64}")
_current = ContextVar("request_id", default="")


def current():
    """Return the id of the request or task that is being worked on, "" outside of one."""
    return _current.get()


def begin(request_id):
    """Let this be the current id of this thread from now on."""
    _current.set(request_id)


def given(request):
    """Return the id our proxy sent along; "" where there is none that can be believed."""
    sent = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
    return sent if FORM.fullmatch(sent) else ""


class RequestIds:
    """Middleware: gives each request its id, and each answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer with the id in the header."""
        request.id = given(request) or uuid.uuid4().hex
        begin(request.id)
        response = self.get_response(request)
        response.headers[HEADER] = request.id
        return response
