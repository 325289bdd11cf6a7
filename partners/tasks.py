"""Celery's entry to the upkeep of partners' tokens."""

from celery import shared_task
from oauth2_provider.models import clear_expired


@shared_task
def clear_expired_tokens():
    """Delete API tokens whose hour is over."""
    clear_expired()
