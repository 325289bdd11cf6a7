"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from entrepreneurship.transfer import profiles, profiles_rules
from entrepreneurship.transfer.models import TransferProfile
from kernel.sweeps import sweep


@shared_task
def remind_of_ends():
    """Every hour: tell owners whose profile ends within thirty days. The rule asks the day, so a run missed costs nothing."""
    now = timezone.now()
    until = timezone.localdate(now) + profiles_rules.REMIND_BEFORE
    due = TransferProfile.objects.to_remind(until)
    sweep(due, profiles.remind_of_end, "profile", now=now)
