"""What the app holds about one woman: her bookings."""

from django.utils.translation import gettext_lazy as _

from events.models import Booking
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
