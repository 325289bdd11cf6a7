"""Celery's entries to sending."""

from celery import shared_task


@shared_task
def send_due():
    """Send every delivery that is due."""
