"""An event as a calendar file (RFC 5545), in Asia/Shanghai with the zone described in it."""

from datetime import date
from functools import cache

from django.conf import settings
from django.utils import timezone
from icalendar import STATUS, Calendar, Timezone
from icalendar import Event as Entry

PRODUCT = "-//Liangjiang Women in Science and Technology//Portal//ZH"


@cache
def _zone():
    """Describe the zone from 1992 on: since then China has kept UTC+8 without summer time."""
    zone = Timezone.from_tzid(settings.TIME_ZONE, first_date=date(1992, 1, 1))
    zone.pop("COMMENT", None)  # "only works until 2038" is said of zones that change their rules
    return zone


def content(event, address):
    """Return the file's bytes; `address` is the absolute address of the event's page.

    The entry's UID stays and its SEQUENCE grows with every new time or place and when the event is
    called off, so that a calendar replaces what it holds.
    """
    uid = f"{event.code}@{settings.SITE_URL.partition('://')[2]}"
    entry = Entry.new(
        uid=uid,
        stamp=event.updated_at,
        sequence=event.schedule_version + int(event.is_cancelled),
        start=timezone.localtime(event.starts_at),
        end=timezone.localtime(event.ends_at),
        summary=event.title,
        location="，".join(part for part in (event.venue, event.address) if part),
        description="\n".join(part for part in (event.summary, address) if part),
        url=address,
        status=STATUS.CANCELLED if event.is_cancelled else STATUS.CONFIRMED,
    )
    file = Calendar.new(prodid=PRODUCT, method="PUBLISH", uid=uid, subcomponents=[_zone(), entry])
    return file.to_ical()
