"""The demo's outbox (liangjiang.demo)."""

from datetime import timedelta

from notices.models import Delivery, Notice


def finish(world):
    """Mark the past as told: nobody gets a text message about history."""
    past = Delivery.objects.filter(state="pending", due_at__lte=world.now)
    past.update(state="sent", sent_at=world.now, attempts=1)
    old = world.now - timedelta(days=3)
    Notice.objects.filter(due_at__lte=old).update(read_at=old)
