"""The middle of many waits, found by the database."""

from django.db.models import Aggregate, DurationField, ExpressionWrapper, F
from django.utils.translation import gettext as _


class Median(Aggregate):
    """The median of an expression (percentile_cont of PostgreSQL)."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    allow_distinct = False


def between(first, last):
    """Return the median of the time from the column `first` to the column `last`, for `aggregate`."""
    wait = ExpressionWrapper(F(last) - F(first), output_field=DurationField())
    return Median(wait, output_field=DurationField())


def in_days(wait):
    """Say a wait (timedelta or None) in days, "—" where nobody waited yet."""
    if wait is None:
        return "—"
    return _("%(days)s 天") % {"days": f"{wait.total_seconds() / 86400:.1f}".removesuffix(".0")}
