"""Sweeps: an operation for each row that is due, started by the clock.

Each row stands for itself: one that fails stops none of the others. It counts its failures itself
(the model's field `sweep_failures`) and is set aside after MOST_FAILURES, until a person who has looked
at it says "again"; a sweep that met a failure ends as failed, not as done.
"""

import logging

from django.db import models
from django.db.models import F

from kernel import outages

logger = logging.getLogger(__name__)

MOST_FAILURES = 5


class SweepFailed(Exception):
    """Some rows of a sweep failed; the others are done."""


class SweptQuerySet(models.QuerySet):
    """Questions about rows a sweep does."""

    def in_sweeps(self):
        """Keep what sweeps still try."""
        return self.filter(sweep_failures__lt=MOST_FAILURES)

    def set_aside(self):
        """Keep what failed too often and waits for somebody."""
        return self.filter(sweep_failures__gte=MOST_FAILURES)


def sweep(rows, operation, argument, *, now):
    """Call operation(**{argument: row}, now=now) for each of `rows`, a SweptQuerySet; returns how many.

    Raises SweepFailed at the end where a row failed. The log names a row by its key alone: what a
    database says of a failure quotes the row. A lost database ends the sweep at once and is
    nobody's failure.
    """
    pending, failed = list(rows.in_sweeps().order_by("pk")), []
    for row in pending:
        try:
            outages.once_more(operation, **{argument: row}, now=now)
        except Exception as error:
            if outages.is_outage(error):
                raise
            failed.append(row.pk)
            _count_failure(row, error, operation.__name__)
    if failed:
        raise SweepFailed(
            f"{operation.__name__}: {len(failed)} of {len(pending)} failed: {failed[:20]}"
        )
    return len(pending)


def _count_failure(row, error, name):
    kind = type(row)
    kind._base_manager.filter(pk=row.pk).update(sweep_failures=F("sweep_failures") + 1)
    logger.error(
        "%s failed for %s %s: %s", name, kind._meta.label_lower, row.pk, type(error).__name__
    )
