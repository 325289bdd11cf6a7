"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from entrepreneurship.bases import operations
from entrepreneurship.bases.models import BaseRequest
from kernel.sweeps import sweep


@shared_task(name="entrepreneurship.tasks.follow_base_requests")
def follow_base_requests():
    """Hourly: remind owners a day before a request is due, tell the department's lead when it is over."""
    now = timezone.now()
    today = timezone.localdate(now)
    rows = BaseRequest.objects
    sweep(rows.to_remind(today), operations.remind_owner, "request", now=now)
    sweep(rows.to_escalate(today), operations.escalate_request, "request", now=now)
