"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from kernel.sweeps import sweep
from outreach.volunteers import operations
from outreach.volunteers.models import Volunteer


@shared_task(name="outreach.tasks.follow_volunteers")
def follow_volunteers():
    """Hourly: tell volunteers 30 days before that a training or a check runs out."""
    now = timezone.now()
    due = Volunteer.objects.to_remind(timezone.localdate(now))
    sweep(due, operations.remind_of_end, "volunteer", now=now)
