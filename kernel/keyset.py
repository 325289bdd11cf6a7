"""Pages by keyset: "what comes after this row", so page 10,000 costs what page 1 costs.

A cursor is the last row's order values, written as URL-safe base64 of JSON. It is no secret and no
permission: every page is filtered by what the reader may see.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.timezone import is_naive


class BadCursor(ValueError):
    """A cursor this module did not write."""


@dataclass(frozen=True)
class Page:
    """Rows of one page; `after` is the cursor of the next one, "" on the last."""

    rows: list
    after: str


@dataclass(frozen=True)
class Keyset:
    """An order by `names` (`-` in front: descending), model fields that together are unique and never null."""

    names: tuple

    @property
    def columns(self):
        """Return the names without their signs."""
        return [name.removeprefix("-") for name in self.names]

    def after(self, queryset, cursor):
        """Keep the rows behind the one `cursor` names, in order; all for an empty cursor. Raises BadCursor."""
        queryset = queryset.order_by(*self.names)
        if not cursor:
            return queryset
        fields = [queryset.model._meta.get_field(name) for name in self.columns]
        values = _decoded(cursor, fields)
        condition, equal = Q(), {}
        for name, column, value in zip(self.names, self.columns, values, strict=True):
            condition |= Q(**equal, **{f"{column}__{_beyond(name)}": value})
            equal[column] = value
        # The bound on the first column alone is what lets the index start at the right place.
        first = {f"{self.columns[0]}__{_beyond(self.names[0])}e": values[0]}
        return queryset.filter(condition, **first)

    def cursor(self, values):
        """Return the cursor of a row whose order values are `values`."""
        text = json.dumps([str(value) for value in values], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def page(self, queryset, cursor, size):
        """Return the Page of up to `size` model instances behind `cursor`; the first for a bad one.

        A page is no place to refuse a damaged link: who follows one begins at the top.
        """
        try:
            rows = self.after(queryset, cursor)
        except BadCursor:
            rows = self.after(queryset, "")
        rows = list(rows[: size + 1])
        more = len(rows) > size
        last = rows[size - 1] if more else None
        values = [getattr(last, name) for name in self.columns] if more else []
        return Page(rows[:size], self.cursor(values) if more else "")


def _beyond(name):
    return "lt" if name.startswith("-") else "gt"


def _decoded(cursor, fields):
    """Return the order values as Python values; raises BadCursor for anything we did not write."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = json.loads(text)
        if not isinstance(values, list) or len(values) != len(fields):
            raise ValueError
        for value in values:
            if not isinstance(value, str) or "\0" in value:
                raise ValueError
            value.encode()  # half a surrogate pair is no text PostgreSQL could hold
        values = [field.to_python(value) for field, value in zip(fields, values, strict=True)]
        if any(v is None or (isinstance(v, datetime) and is_naive(v)) for v in values):
            raise ValueError
        for field, value in zip(fields, values, strict=True):
            field.run_validators(value)
        # In UTC: PostgreSQL reads no offset of sixteen hours, which Python takes.
        return [v.astimezone(UTC) if isinstance(v, datetime) else v for v in values]
    except (ValueError, ValidationError, binascii.Error, OverflowError, RecursionError) as error:
        raise BadCursor from error
