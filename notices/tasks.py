"""Celery's entries to sending."""

from celery import shared_task
from django.utils import timezone

from notices import runs, sending, watch


@shared_task
def send_due():
    """Send every delivery that is due."""
    runs.settle_lost(now=timezone.now())
    sending.send_due()


@shared_task
def tell_what_is_written_down():
    """Tell people what the audit log holds for them, and auditors of alerts."""
    watch.tell(now=timezone.now())
