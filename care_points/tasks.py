"""Celery's entries to what runs by itself."""

from celery import shared_task
from django.utils import timezone

from care_points import operations
from care_points.models import PointsAccount, Redemption
from kernel.sweeps import sweep


@shared_task
def expire_redemptions():
    """Hourly: end vouchers nobody used in time and give their points back."""
    now = timezone.now()
    sweep(Redemption.objects.overdue(now), operations.expire_redemption, "redemption", now=now)


@shared_task
def expire_points():
    """Daily: take points that have run out of validity unspent."""
    now = timezone.now()
    accounts = PointsAccount.objects.with_overdue_points(now).select_related("talent")
    sweep(accounts, operations.expire_points, "account", now=now)


@shared_task
def remind_appointments():
    """Every five minutes: remind of appointments of the next day, each once."""
    operations.remind_appointments(now=timezone.now())
