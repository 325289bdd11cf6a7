"""Celery's entries to what runs by itself."""

from celery import shared_task
from django.utils import timezone

from cloud_home import operations
from cloud_home.models import Preference
from kernel.sweeps import sweep


@shared_task
def send_digests():
    """Every ten minutes: tell those whose digest is due what is new."""
    now = timezone.now()
    sweep(Preference.objects.due(now), operations.send_digest, "preference", now=now)
