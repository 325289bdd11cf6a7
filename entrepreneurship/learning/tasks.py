"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from entrepreneurship.learning import operations
from entrepreneurship.learning.models import CoachingHour, CoachingProposal, Programme
from kernel.sweeps import sweep


@shared_task
def look_at_programmes():
    """Every ten minutes: count minutes and risks of running programmes, keep certificates of concluded ones true."""
    now = timezone.now()
    sweep(Programme.objects.to_look(now), operations.look, "programme", now=now)


@shared_task
def tell_coaches():
    """Every five minutes: tell coaches whose hours were booked, given back or taken over."""
    now = timezone.now()
    due = CoachingHour.objects.untold(now).select_related("event")
    sweep(due, operations.tell_coach, "hour", now=now)


@shared_task
def lapse_proposals():
    """Every hour: end proposals of times that were not answered in five working days."""
    now = timezone.now()
    due = CoachingProposal.objects.to_lapse(timezone.localdate(now)).select_related("coach__user")
    sweep(due, operations.lapse_proposal, "proposal", now=now)
