"""Her seats when her record leaves the database: those of events to come go to whoever waits for them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import rules
from events.models import Booking
from events.operations import cancel_booking
from kernel.words import listed

NAMED = 5


def _to_give_back(talent, now):
    """Return her bookings that can still be cancelled, in the order in which events are locked."""
    active = Booking.objects.active().filter(talent=talent, event__starts_at__gt=now)
    bookings = active.select_related("event", "talent").order_by("event_id", "pk")
    return [booking for booking in bookings if rules.why_not_cancel(booking, now) is None]


def seats_lost(talent, now):
    """Say which bookings will be cancelled."""
    bookings = _to_give_back(talent, now)
    if not bookings:
        return []
    titles = listed(_("《%(title)s》") % {"title": b.event.title} for b in bookings[:NAMED])
    sentence = ngettext(
        "还没有开始的 %(count)s 场报名会取消，名额让给候补的姐妹：%(titles)s。",
        "还没有开始的 %(count)s 场报名会取消，名额让给候补的姐妹：%(titles)s。",
        len(bookings),
    )
    return [sentence % {"count": len(bookings), "titles": titles}]


def give_seats_back(*, talent, hers, now):
    """Cancel her bookings of events to come; the system does so, by rule."""
    for booking in _to_give_back(talent, now):
        cancel_booking(booking=booking, by=None, now=now)
