"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from kernel.sweeps import sweep
from workplaces.childcare import operations
from workplaces.childcare.models import Nursery, NurseryClass


@shared_task(name="workplaces.tasks.remind_nurseries")
def remind_nurseries():
    """Daily: remind units of what is to be confirmed and of free places stated more than thirty days ago."""
    now = timezone.now()
    today = timezone.localdate(now)
    sweep(Nursery.objects.to_remind(today), operations.remind_confirm, "nursery", now=now)
    classes = NurseryClass.objects.to_remind(today).select_related("nursery")
    sweep(classes, operations.remind_free, "klass", now=now)
