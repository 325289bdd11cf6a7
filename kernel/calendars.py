"""Calendar files (RFC 5545, 7986) in Asia/Shanghai, with the zone described in them."""

from datetime import date
from functools import cache

from django.conf import settings
from icalendar import Calendar, Timezone

PRODUCT = "-//Liangjiang Women in Science and Technology//Portal//ZH"
TYPE = "text/calendar; charset=utf-8"


@cache
def _zone():
    """Describe the zone from 1992 on: since then China has kept UTC+8 without summer time."""
    zone = Timezone.from_tzid(settings.TIME_ZONE, first_date=date(1992, 1, 1))
    zone.pop("COMMENT", None)  # "only works until 2038" is said of zones that change their rules
    return zone


def host():
    """Return the host of the portal's address, the right half of each UID."""
    return settings.SITE_URL.partition("://")[2]


def calendar(entries, **more):
    """Return a Calendar of these entries (icalendar.Event); `more` are properties of the calendar itself."""
    parts = [_zone(), *entries]
    return Calendar.new(prodid=PRODUCT, method="PUBLISH", subcomponents=parts, **more)
