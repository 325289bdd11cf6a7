"""Celery's entries to what runs by itself."""

from celery import shared_task
from django.utils import timezone

from care_points import operations
from care_points.models import LedgerCheck, PointsAccount, Redemption
from kernel import days
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


@shared_task
def remind():
    """Every six hours: tell women whose points are about to run out, staff whose budget is, and who has hours to confirm."""
    now = timezone.now()
    operations.remind_of_expiry(now=now)
    operations.remind_of_vouchers(now=now)
    operations.tell_of_campaigns(now=now)
    operations.remind_of_hours(now=now)
    operations.watch_budget(now=now)


@shared_task
def tell_of_changes():
    """Hourly: write at fixed hours to who may be concerned by a time that was called off."""
    operations.tell_of_changes(now=timezone.now())


@shared_task
def check_ledger():
    """Every ten minutes: check the ledger if somebody asked for it, and once in a night without that."""
    now = timezone.now()
    if days.is_night(now):
        operations.ask_nightly(now=now)
    for check in LedgerCheck.objects.waiting():
        operations.run_check(check=check, now=timezone.now())
