"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from entrepreneurship.transfer import interests, matching, profiles, profiles_rules
from entrepreneurship.transfer.models import TransferInterest, TransferProfile
from kernel.sweeps import sweep


@shared_task
def remind_of_ends():
    """Every hour: tell owners whose profile ends within thirty days. The rule asks the day, so a run missed costs nothing."""
    now = timezone.now()
    until = timezone.localdate(now) + profiles_rules.REMIND_BEFORE
    due = TransferProfile.objects.to_remind(until)
    sweep(due, profiles.remind_of_end, "profile", now=now)


@shared_task
def lapse_interests():
    """Every hour: let lapse what nobody answered in fifteen working days."""
    now = timezone.now()
    due = TransferInterest.objects.to_lapse(timezone.localdate(now))
    sweep(due, interests.lapse_interest, "interest", now=now)


@shared_task
def match_profiles():
    """Every hour: tell both sides of what was found, once a week each, and compare what was not compared for a week.

    Told first: a profile that cannot be compared ends the task as failed.
    """
    now = timezone.now()
    matching.tell_matches(now=now)
    due = TransferProfile.objects.to_match(now - matching.EVERY, timezone.localdate(now))
    sweep(due, matching.match_profile, "profile", now=now)
