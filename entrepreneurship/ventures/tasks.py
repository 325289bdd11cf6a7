"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from entrepreneurship.ventures import operations
from entrepreneurship.ventures.models import Venture, VentureCheck
from kernel.sweeps import sweep


@shared_task(name="entrepreneurship.tasks.ask_checks")
def ask_checks():
    """Hourly: ask for the yearly checks that are due, remind once, note what nobody answered."""
    now = timezone.now()
    today = timezone.localdate(now)
    sweep(Venture.objects.to_ask(today), operations.ask_check, "venture", now=now)
    sweep(VentureCheck.objects.to_remind(now), operations.remind_check, "check", now=now)
    sweep(VentureCheck.objects.to_close(now), operations.close_check, "check", now=now)
