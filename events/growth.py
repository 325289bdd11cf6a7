"""Events she came to, as milestones of her growth."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Booking
from kernel.portal import Milestone


def milestones(talent):
    """Return the events a woman came to, while her bookings are kept. One query.

    Sensitive topics are left out: what one prints and shows is no place for them.
    """
    came = Booking.objects.checked_in().filter(talent=talent, event__sensitive_topic=False)
    came = came.select_related("event").order_by("pk")
    return [
        Milestone(
            timezone.localdate(booking.event.starts_at),
            "day",
            _("参加活动"),
            booking.event.title,
            booking.event.venue,
            booking.event.get_absolute_url(),
        )
        for booking in came
    ]
