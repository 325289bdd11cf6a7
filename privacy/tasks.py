"""Celery's entry to the audit chain."""

from celery import shared_task
from django.utils import timezone

from privacy import audit, copies, retention, verification


@shared_task
def chain_audit():
    """Link the audit entries written since the last run."""
    audit.chain()


@shared_task
def verify_audit():
    """Walk the audit chain where somebody asked for it."""
    verification.carry_out(now=timezone.now())


@shared_task
def make_copies():
    """Make the copies of personal data that were asked for, and delete those whose time is over."""
    copies.make_due(now=timezone.now())
    copies.drop_expired(now=timezone.now())


@shared_task
def apply_retention():
    """Let go what has been kept long enough."""
    retention.apply(now=timezone.now())
