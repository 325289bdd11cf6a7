"""What the app holds about one woman: her bookings."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import departures
from events.models import Booking
from kernel import ids
from kernel.portal import Group

COVERS = ("events.Booking.talent",)


def collect(user):
    """Return her bookings, cancelled ones included."""
    bookings = Booking.objects.filter(talent__user=user).select_related("event").order_by("pk")
    fields = (
        "event",
        "code",
        "state",
        "booked_at",
        "promoted_at",
        "cancelled_at",
        "cancel_reason",
        "checked_in_at",
    )
    return [Group(_("活动报名"), bookings, fields)]


def lost(person, now):
    """Say which seats are given back, and that the others stay as numbers."""
    sentences = [line for record in person.records for line in departures.seats_lost(record, now)]
    if Booking.objects.filter(talent__in=person.records).exists():
        sentences.append(gettext("过去的报名只留人数，不再能对应到您。"))
    return sentences


def erase(person, now):
    """Leave the seats as numbers; those of events to come were given back when the record left (events.departures)."""
    bookings = list(Booking.objects.filter(talent__in=person.records).order_by("pk"))
    for booking in bookings:
        booking.code, booking.idempotency_key, booking.cancel_reason = ids.code(), None, ""
    Booking.objects.bulk_update(bookings, ["code", "idempotency_key", "cancel_reason"])
    return len(bookings)
