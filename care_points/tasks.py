"""Celery's entries to what runs by itself."""

from celery import shared_task
from django.utils import timezone

from care_points import operations
from care_points.models import PointsAccount, Redemption


@shared_task
def expire_redemptions():
    """Hourly: end vouchers nobody used in time and give their points back."""
    now = timezone.now()
    for redemption in Redemption.objects.overdue(now).order_by("pk"):
        operations.expire_redemption(redemption=redemption, now=now)


@shared_task
def expire_points():
    """Daily: take points that have run out of validity unspent."""
    now = timezone.now()
    for account in PointsAccount.objects.with_overdue_points(now).select_related("talent"):
        operations.expire_points(account=account, now=now)
