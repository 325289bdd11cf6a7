"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from calls import operations
from calls.models import Call, PublicNotice
from kernel.sweeps import sweep


@shared_task
def close_due():
    """Every minute: note which calls are past their deadline. The rule itself never waits for it."""
    now = timezone.now()
    for call in Call.objects.to_close(now).order_by("pk"):
        operations.close_call(call=call, by=None, now=now)


@shared_task
def end_notices():
    """Every ten minutes: note which public notices have run to their end. The rule itself never waits for it."""
    now = timezone.now()
    due = PublicNotice.objects.to_end(now)
    sweep(due, _end, "notice", now=now)


def _end(*, notice, now):
    operations.end_notice(notice=notice, by=None, now=now)
