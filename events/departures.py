"""When her record leaves the database: her seats go to whoever waits for them, agendas name her no longer."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import rules
from events.models import Booking, Event, Speaker
from events.operations import cancel_booking
from kernel.words import listed
from privacy import audit

NAMED = 5


def _to_give_back(talent, now):
    """Return her bookings that can still be cancelled, in the order in which events are locked."""
    active = Booking.objects.active().filter(talent=talent, event__starts_at__gt=now)
    bookings = active.select_related("event", "talent").order_by("event_id", "pk")
    return [booking for booking in bookings if rules.why_not_cancel(booking, now) is None]


def seats_lost(talent, now, hers):
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


def agendas_left(talent, now, hers):
    """Say that agendas name her no longer; of a record that only goes back to staff they do."""
    if not hers:
        return []
    count = Speaker.objects.filter(talent=talent).values("session__event").distinct().count()
    if not count:
        return []
    sentence = ngettext(
        "%(count)s 场活动的议程里不再出现您的名字。",
        "%(count)s 场活动的议程里不再出现您的名字。",
        count,
    )
    return [sentence % {"count": count}]


def stop_naming(*, talent, hers, now):
    """Take her out of all agendas; a record that only goes back to staff still speaks."""
    if hers:
        leave_agendas([talent], now)


def leave_agendas(talents, now):
    """Take women out of the agendas to come, and leave them in past ones as a number. Returns how many rows."""
    spoken = Speaker.objects.filter(talent__in=talents)
    events = Event.objects.filter(pk__in=spoken.values("session__event")).order_by("pk")
    for event in events.select_for_update():
        audit.record("events.leave_agenda", event, by=None, at=now)
    gone, _by_model = spoken.filter(session__event__ends_at__gt=now).delete()
    return gone + spoken.update(talent=None)
