"""Celery's entries to sending."""

from celery import shared_task
from django.utils import timezone

from notices import sending


@shared_task
def send_due():
    """Send every delivery that is due."""
    sending.flag_stuck(now=timezone.now())
    sending.send_due()
