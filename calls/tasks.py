"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from calls import operations
from calls.models import Call, Due, PublicNotice, Reviewer
from kernel.sweeps import sweep


@shared_task
def close_due():
    """Every minute: note which calls are past their deadline. The rule itself never waits for it."""
    now = timezone.now()
    sweep(Call.objects.to_close(now), _close, "call", now=now)


def _close(*, call, now):
    return operations.close_call(call=call, by=None, now=now)


@shared_task
def remind_reviewers():
    """Every ten minutes: remind reviewers whose scores are due soon, or were."""
    now = timezone.now()
    sweep(Reviewer.objects.to_remind(now), _remind, "reviewer", now=now)


def _remind(*, reviewer, now):
    return operations.remind_reviewer(reviewer=reviewer, by=None, now=now)


@shared_task
def end_notices():
    """Every ten minutes: note which public notices have run to their end. The rule itself never waits for it."""
    now = timezone.now()
    due = PublicNotice.objects.to_end(now)
    sweep(due, _end, "notice", now=now)


def _end(*, notice, now):
    operations.end_notice(notice=notice, by=None, now=now)


@shared_task
def remind_dues():
    """Every hour: remind of reports that are due soon, or were. On one day once, however often it runs."""
    now = timezone.now()
    sweep(Due.objects.to_remind(timezone.localdate(now)), _remind_due, "due", now=now)


def _remind_due(*, due, now):
    return operations.remind_due(due=due, by=None, now=now)
