"""What the clock starts for introductions."""

from celery import shared_task
from django.utils import timezone

from entrepreneurship.finance import operations
from entrepreneurship.finance.models import Referral
from entrepreneurship.finance.referrals_rules import WEEK
from kernel.sweeps import sweep


@shared_task(name="entrepreneurship.tasks.follow_referrals")
def follow_referrals():
    """Every hour: end what ran out, remind banks, then the officer, and ask for deletion again."""
    now = timezone.now()
    today = timezone.localdate(now)
    rows = Referral.objects
    again = rows.to_delete().filter(deletion_reminded_at__lte=now - WEEK)
    sweep(rows.to_lapse(now), operations.lapse_referral, "referral", now=now)
    sweep(rows.to_escalate(today), operations.escalate_referral, "referral", now=now)
    sweep(rows.to_remind(today), operations.remind_bank, "referral", now=now)
    sweep(again, operations.ask_deletion_again, "referral", now=now)
