"""Pages by keyset: "what comes after this row", so page 10,000 costs what page 1 costs.

A cursor is the last row's order values, written as URL-safe base64 of JSON. It is no secret and no
permission: every page is filtered by what the reader may see.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _

from kernel.api.errors import Problem

DEFAULT_LIMIT, MAX_LIMIT = 50, 200


def _encode(values):
    text = json.dumps([str(value) for value in values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor, fields):
    """Return the order values as Python values; raises Problem for anything we did not write."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = json.loads(text)
        if not isinstance(values, list) or len(values) != len(fields):
            raise ValueError
        if any(not isinstance(value, str) or "\0" in value for value in values):
            raise ValueError
        values = [field.to_python(value) for field, value in zip(fields, values, strict=True)]
        if any(v is None or (isinstance(v, datetime) and is_naive(v)) for v in values):
            raise ValueError
        for field, value in zip(fields, values, strict=True):
            field.run_validators(value)
        return values
    except (ValueError, ValidationError, binascii.Error, OverflowError, RecursionError) as error:
        raise Problem("invalid_cursor") from error


@dataclass(frozen=True)
class Keyset:
    """An ascending order by `names`, model fields that together are unique and never null."""

    names: tuple

    def after(self, queryset, cursor):
        """Keep the rows behind the one `cursor` names; all of them for an empty cursor."""
        queryset = queryset.order_by(*self.names)
        if not cursor:
            return queryset
        fields = [queryset.model._meta.get_field(name) for name in self.names]
        values = _decode(cursor, fields)
        behind = Q()
        for n, name in enumerate(self.names):
            same = dict(zip(self.names[:n], values[:n], strict=True))
            behind |= Q(**same, **{f"{name}__gt": values[n]})
        # The bound on the first column alone is what lets the index start at the right place.
        return queryset.filter(behind, **{f"{self.names[0]}__gte": values[0]})

    def cursor(self, values):
        """Return the cursor of a row whose order values are `values`."""
        return _encode(list(values))


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
