"""The time from one moment to another as the database compares it."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import Func


class Span(Func):
    """The time from a start to an end as a range: the end is not in it any more."""

    function = "tstzrange"
    output_field = DateTimeRangeField()
