"""Pages of the API: how much and where to read on (the order itself is kernel.keyset)."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from kernel.api.errors import Problem

DEFAULT_LIMIT, MAX_LIMIT = 50, 200


def limit_of(text):
    """Return the page size asked for (1 to 200, default 50); raises Problem."""
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MAX_LIMIT):
        reason = _("请填 1 到 %(max)s 之间的整数。") % {"max": MAX_LIMIT}
        raise Problem("invalid_parameter", name="limit", reason=reason)
    return int(text)


def next_link(request, cursor):
    """Return the absolute address of the page behind `cursor`, with the same filters."""
    query = [(name, value) for name, value in request.GET.items() if name != "cursor"]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*query, ('cursor', cursor)])}")
