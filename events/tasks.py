"""Celery's entries to what runs by itself."""

from celery import shared_task
from django.utils import timezone

from events import operations, reminders
from events.models import Booking, CertificateOffer, Event, Pool, SharePicture
from kernel.sweeps import sweep


@shared_task
def expire_offers():
    """Every minute: give on the seats that were kept for somebody who did not answer."""
    now = timezone.now()
    late = Event.objects.filter(pk__in=Booking.objects.lapsed(now).values("event"))
    sweep(late, operations.expire_offers, "event", now=now, counter="seat_failures")


@shared_task
def open_pools():
    """Every minute: give everybody the kept seats whose time for some is over."""
    now = timezone.now()
    due = Event.objects.filter(pk__in=Pool.objects.to_open(now).values("event"))
    sweep(due, operations.open_pools, "event", now=now, counter="seat_failures")


@shared_task
def settle_events():
    """Hourly: note who was absent from events whose last day is over."""
    now = timezone.now()
    sweep(Event.objects.unsettled(now), operations.settle_event, "event", now=now)


@shared_task
def issue_certificates():
    """When asked for, and every five minutes: issue the certificates that are lacking."""
    now = timezone.now()
    asked = CertificateOffer.objects.filter(asked_at__isnull=False, finished_at=None)
    sweep(asked.select_related("event"), operations.issue_certificates, "offer", now=now)


@shared_task
def remind():
    """Every minute: remind people of the events whose moment has come."""
    now = timezone.now()
    coming = Event.objects.published().filter(
        starts_at__gt=now, starts_at__lte=now + reminders.HORIZON
    )
    due = [event.pk for event in coming if reminders.due(event, now)]
    sweep(Event.objects.filter(pk__in=due), operations.remind, "event", now=now)


@shared_task
def draw_share_pictures():
    """When asked for, and every five minutes: draw the pictures of events whose address is passed on."""
    asked = SharePicture.objects.to_draw()
    sweep(asked, operations.draw_share_picture, "picture", now=timezone.now())
