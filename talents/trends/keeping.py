"""Trends are computed by night and read by day."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Department
from kernel.sweeps import SweepFailed
from talents.trends import figures
from talents.trends.models import TrendFigures

logger = logging.getLogger(__name__)

FRESH = timedelta(minutes=10)


def of(department, *, now):
    """Return the TrendFigures of a department (None: of all), computed now where there are none yet."""
    kept = TrendFigures.objects.filter(department=department).first()
    return kept or refresh(department, now=now)


@transaction.atomic
def refresh(department, *, now):
    """Compute the figures of a department (None: of all) and keep them; what was computed ten minutes ago is not anew."""
    kept = TrendFigures.objects.select_for_update().filter(department=department).first()
    if kept and now - kept.computed_at < FRESH:
        return kept
    made = figures.compute(department and department.pk, timezone.localdate(now))
    kept = kept or TrendFigures(department=department)
    kept.computed_at, kept.figures = now, made
    kept.save()
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
