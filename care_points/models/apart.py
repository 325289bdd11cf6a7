"""What may not overlap in time: of one provider, of one woman. The database holds it for every writer."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db.models import Func


def apart(name, whose, *, until, condition):
    """Return the constraint `name`: rows with the same `whose` do not overlap from `starts_at` to `until`.

    Where one ends another may begin. `condition` says which rows count.
    """
    ends = (
        Func(
            "starts_at",
            until,
            RangeBoundary(),
            function="TSTZRANGE",
            output_field=DateTimeRangeField(),
        ),
        RangeOperators.OVERLAPS,
    )
    return ExclusionConstraint(
        name=name, expressions=[(whose, RangeOperators.EQUAL), ends], condition=condition
    )
