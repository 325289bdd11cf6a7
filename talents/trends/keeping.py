"""Trends are computed by night and read by day."""

import logging
from datetime import timedelta

from django.utils import timezone

from accounts.models import Department
from kernel import bigrams, worker
from kernel.sweeps import SweepFailed
from talents.models import Talent
from talents.trends import figures
from talents.trends.models import TrendFigures

logger = logging.getLogger(__name__)

FRESH = timedelta(minutes=10)
LONG = 200_000  # records, of which the figures take more than a second or two


def of(department, *, now):
    """Return the TrendFigures of a department (None: of all), computed where there are none yet.

    None where that would take longer than a page may: then the worker is asked to.
    """
    kept = TrendFigures.objects.filter(department=department).first()
    return kept or anew(department, now=now)


def anew(department, *, now):
    """Return the TrendFigures computed now, or None where the worker was asked to, because the database is long."""
    if bigrams.estimated(Talent) < LONG:
        return refresh(department, now=now)
    worker.nudge("talents.tasks.refresh_trends")
    return None


def refresh(department, *, now):
    """Compute the figures of a department (None: of all) and keep them; what was computed ten minutes ago is not anew."""
    kept = TrendFigures.objects.filter(department=department).first()
    if kept and now - kept.computed_at < FRESH:
        return kept
    made = figures.compute(department and department.pk, timezone.localdate(now))
    # Of two at once the second finds the row of the first.
    kept, _made = TrendFigures.objects.update_or_create(
        department=department, defaults={"computed_at": now, "figures": made}
    )
    return kept


def refresh_all(*, now):
    """Compute everybody's figures; where those of one fail, the others are done and SweepFailed is raised at the end."""
    failed = 0
    for department in [None, *Department.objects.order_by("pk")]:
        try:
            refresh(department, now=now)
        except Exception as error:
            logger.error("trends of %s: %s", department and department.code, type(error).__name__)
            failed += 1
    if failed:
        raise SweepFailed(f"{failed} trends failed")
