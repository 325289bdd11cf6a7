"""Celery's entries to what runs by itself."""

import logging

from celery import shared_task
from django.utils import timezone

from care_points import operations
from care_points.models import PointsAccount, Redemption

log = logging.getLogger(__name__)


@shared_task
def expire_redemptions():
    """Hourly: end vouchers nobody used in time and give their points back."""
    now = timezone.now()
    for redemption in Redemption.objects.overdue(now).order_by("pk"):
        _try(operations.expire_redemption, redemption=redemption, now=now)


@shared_task
def expire_points():
    """Daily: take points that have run out of validity unspent."""
    now = timezone.now()
    for account in PointsAccount.objects.with_overdue_points(now).select_related("talent"):
        _try(operations.expire_points, account=account, now=now)


def _try(operation, *, now, **row):
    """Call an operation for one row; one that fails is logged and leaves the others to be done.

    The log names the row by its key: what a database says of a failure quotes the row itself.
    """
    ((name, found),) = row.items()
    try:
        operation(**row, now=now)
    except Exception as error:
        kind = type(error).__name__
        log.error("%s failed for %s %s: %s", operation.__name__, name, found.pk, kind)
