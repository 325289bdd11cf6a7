"""Celery's entry to the audit chain."""

from celery import shared_task

from privacy import audit


@shared_task
def chain_audit():
    """Link the audit entries written since the last run."""
    audit.chain()
