"""Trends are computed by night and read by day."""

import logging
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from accounts.models import Department
from kernel import worker
from kernel.sweeps import SweepFailed
from talents.models import Talent
from talents.trends import figures
from talents.trends.models import TrendFigures

logger = logging.getLogger(__name__)

FRESH = timedelta(minutes=10)
LONG = 50_000  # records, of which the figures take longer than a page may


def of(department, *, now):
    """Return the TrendFigures of a department (None: of all), computed where there are none yet.

    None where that would take longer than a page may: then the worker is asked to.
    """
    return _kept(department) or anew(department, now=now)


def _kept(department):
    """Return the TrendFigures of a department, None where there are none, or none of today's form."""
    of_today = Q(figures__form=figures.FORM)
    return TrendFigures.objects.filter(of_today, department=department).first()


def anew(department, *, now):
    """Return the TrendFigures computed now, or None where the worker was asked to, because the database is long."""
    if Talent.objects.order_by()[:LONG].count() < LONG:
        return refresh(department, now=now)
    # Who waits looks again every ten seconds: asked once a minute is often enough.
    if cache.add("talents.trends.asked", 1, timeout=60):
        worker.nudge("talents.tasks.refresh_trends")
    return None


def refresh(department, *, now):
    """Compute the figures of a department (None: of all) and keep them; what was computed ten minutes ago is not anew."""
    kept = _kept(department)
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
