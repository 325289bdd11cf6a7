"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from entrepreneurship.learning import operations
from entrepreneurship.learning.models import Programme
from kernel.sweeps import sweep


@shared_task
def look_at_programmes():
    """Every ten minutes: count minutes and risks of running programmes, keep certificates of concluded ones true."""
    now = timezone.now()
    sweep(Programme.objects.to_look(now), operations.look, "programme", now=now)
