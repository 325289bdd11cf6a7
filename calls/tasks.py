"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from calls import operations
from calls.models import Call


@shared_task
def close_due():
    """Every minute: note which calls are past their deadline. The rule itself never waits for it."""
    now = timezone.now()
    for call in Call.objects.to_close(now).order_by("pk"):
        operations.close_call(call=call, by=None, now=now)
