"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from honours import operations
from honours.models import CallHonour
from kernel.sweeps import sweep


@shared_task
def suggest_calls():
    """Every ten minutes: tell those on reserve that a fitting call has opened."""
    now = timezone.now()
    due = CallHonour.objects.to_suggest(now)
    sweep(due, operations.suggest_to_reserves, "leads_to", now=now)
