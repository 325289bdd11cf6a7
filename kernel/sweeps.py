"""Sweeps: an operation for each row that is due, started by the clock.

Each row stands for itself: one that fails stops none of the others. It counts its failures itself
(the model's field `sweep_failures`, or another where several sweeps work on it) and is set aside after
MOST_FAILURES, until a person who has looked at it says "again"; a sweep that met a failure ends as failed, not as done.
"""

import logging
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F

from kernel import outages

logger = logging.getLogger(__name__)

MOST_FAILURES = 5


class SweepFailed(Exception):
    """Some rows of a sweep failed; the others are done."""


class SweptQuerySet(models.QuerySet):
    """Questions about rows a sweep does; `counters` are the fields that count the failures of each."""

    counters = ("sweep_failures",)

    def in_sweeps(self, counter="sweep_failures"):
        """Keep what the sweep of that counter still tries."""
        return self.filter(**{f"{counter}__lt": MOST_FAILURES})

    def set_aside(self):
        """Keep what failed too often, in any of its sweeps, and waits for somebody."""
        conditions = (models.Q(**{f"{name}__gte": MOST_FAILURES}) for name in self.counters)
        return self.filter(reduce(or_, conditions))

    def try_again(self):
        """Have the sweeps take up what was set aside; returns how many rows."""
        return self.set_aside().update(**dict.fromkeys(self.counters, 0))


def sweep(rows, operation, argument, *, now, counter="sweep_failures"):
    """Call operation(**{argument: row}, now=now) for each of `rows`, a SweptQuerySet; returns how many.

    `counter` is the model's field that counts the failures of this sweep.

    Raises SweepFailed at the end where a row failed. The log names a row by its key alone: what a
    database says of a failure quotes the row. A lost database ends the sweep at once and is
    nobody's failure.
    """
    pending, failed = list(rows.in_sweeps(counter).order_by("pk")), []
    for row in pending:
        try:
            outages.once_more(operation, **{argument: row}, now=now)
        except Exception as error:
            if outages.is_outage(error):
                raise
            failed.append(row.pk)
            _count_failure(row, counter, error, operation.__name__)
    if failed:
        raise SweepFailed(
            f"{operation.__name__}: {len(failed)} of {len(pending)} failed: {failed[:20]}"
        )
    return len(pending)


def _count_failure(row, counter, error, name):
    kind = type(row)
    kind._base_manager.filter(pk=row.pk).update(**{counter: F(counter) + 1})
    logger.error(
        "%s failed for %s %s: %s", name, kind._meta.label_lower, row.pk, type(error).__name__
    )
