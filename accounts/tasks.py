"""Celery's entries to the upkeep of accounts."""

from importlib import import_module

from captcha.models import CaptchaStore
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts import joint


@shared_task
def clear_expired_sessions():
    """Delete sessions nobody can use any more; Django leaves them in the table."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task
def expire_joint_actions():
    """End the requests nobody confirmed in time."""
    joint.expire_due(now=timezone.now())


@shared_task
def clear_expired_pictures():
    """Delete what stood in pictures nobody can answer any more."""
    CaptchaStore.remove_expired()
