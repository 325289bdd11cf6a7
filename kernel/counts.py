"""Counting rows by a column, as reports do."""

from django.db.models import Count

UNSPECIFIED = "unspecified"


def by(queryset, field):
    """Return {value: number of rows}; an empty value counts as `unspecified`."""
    rows = queryset.order_by().values_list(field).annotate(n=Count("pk"))
    return {str(value or UNSPECIFIED): n for value, n in rows}
