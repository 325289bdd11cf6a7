"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from kernel.sweeps import sweep
from workplaces.flexible import operations
from workplaces.flexible.models import FlexibleOffer


@shared_task(name="workplaces.tasks.remind_offers")
def remind_offers():
    """Daily: remind units of flexible work that is to be confirmed within thirty days."""
    now = timezone.now()
    rows = FlexibleOffer.objects.to_remind(timezone.localdate(now))
    sweep(rows, operations.remind_offer, "offer", now=now)
