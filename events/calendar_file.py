"""Events as calendar files and feeds (RFC 5545, 7986), in Asia/Shanghai with the zone described in them."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import STATUS
from icalendar import Event as Entry

from kernel import calendars

REFRESH = timedelta(hours=6)


def content(event, address):
    """Return one event as a file; `address` is the absolute address of its page.

    The entry's UID stays and its SEQUENCE grows with every new time or place and when the event is
    called off, so that a calendar replaces what it holds.
    """
    return calendars.calendar([_entry(event, address)], uid=_uid(event)).to_ical()


def programme(events, address_of):
    """Return events as a calendar to subscribe to; `address_of` makes the absolute address of an event's page."""
    entries = [_entry(event, address_of(event)) for event in events]
    return _feed(entries, "programme", str(_("两江女性科技人才活动")))


def of_series(series, events, address_of):
    """Return the events of a series as a calendar to subscribe to."""
    entries = [_entry(event, address_of(event)) for event in events]
    return _feed(entries, series.code, series.name)


def of_hers(bookings, address_of):
    """Return her bookings as a calendar to subscribe to: seats as certain, what is offered or awaited as tentative.

    Others look at her calendar too, so an event of a sensitive topic is not named in it.
    """
    entries = []
    for booking in bookings:
        event, status = booking.event, None if booking.is_seated else STATUS.TENTATIVE
        if event.sensitive_topic:
            entries.append(_entry(event, address_of(event), status, unnamed=True))
        else:
            entries.append(_entry(event, address_of(event), status))
    return _feed(entries, "hers", str(_("我的活动")))


def _uid(event):
    return f"{event.code}@{calendars.host()}"


def _entry(event, address, status=None, *, unnamed=False):
    """Return one event; `unnamed` leaves out what it is about and where."""
    where = "，".join(part for part in (str(event.place), event.address) if part)
    about = "\n".join(part for part in (event.summary, address) if part)
    if event.is_cancelled:
        status = STATUS.CANCELLED
    return Entry.new(
        uid=_uid(event),
        stamp=event.updated_at,
        sequence=event.schedule_version + int(event.is_cancelled),
        start=timezone.localtime(event.starts_at),
        end=timezone.localtime(event.ends_at),
        summary=str(_("已预约的活动")) if unnamed else event.title,
        location=None if unnamed else where,
        description=address if unnamed else about,
        url=address,
        status=status or STATUS.CONFIRMED,
    )


def _feed(entries, which, name):
    """Return a calendar to subscribe to; programs look again after six hours."""
    calendar = calendars.calendar(
        entries, uid=f"{which}@{calendars.host()}", name=name, refresh_interval=REFRESH
    )
    calendar["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"  # RFC 7986 asks for it
    calendar.add("X-PUBLISHED-TTL", "PT6H")  # what Outlook reads
    return calendar.to_ical()
