"""Celery's entries to sending."""

from celery import shared_task
from django.utils import timezone

from kernel.worker import nudge
from notices import runs, sending, watch


@shared_task
def send_due(alone=False):
    """Send every delivery that is due; where they are more than a run takes, a second worker is asked to help."""
    now = timezone.now()
    runs.settle_lost(now=now)
    if not alone and runs.are_many(now=now):
        nudge("notices.tasks.send_due", True)
    sending.send_due()


@shared_task
def tell_what_is_written_down():
    """Tell people what the audit log holds for them, and auditors of alerts."""
    watch.tell(now=timezone.now())
