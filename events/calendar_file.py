"""An event as a calendar file (RFC 5545), in Asia/Shanghai with the zone described in it."""

from datetime import UTC

from django.conf import settings
from django.utils import timezone

# China has kept UTC+8 without summer time since 1992.
ZONE = [
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19920101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
]


def _text(value):
    """Escape a text value; line ends become the two characters \\n."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n")):
        value = value.replace(plain, escaped)
    return value.replace("\n", "\\n").replace("\r", "\\n")


def _folded(line):
    """Break a line so that none is longer than 75 octets, never inside a character."""
    parts, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += width
    return "\r\n".join(parts)


def _local(moment):
    return f"{timezone.localtime(moment):%Y%m%dT%H%M%S}"


def calendar(event, address):
    """Return the file's text; `address` is the absolute address of the event's page."""
    place = "，".join(part for part in (event.venue, event.address) if part)
    words = "\n".join(part for part in (event.summary, address) if part)
    host = settings.SITE_URL.partition("://")[2]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Liangjiang Women in Science and Technology//Portal//ZH",
        "METHOD:PUBLISH",
        *ZONE,
        "BEGIN:VEVENT",
        f"UID:{event.code}@{host}",
        f"DTSTAMP:{event.updated_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{event.schedule_version}",
        f"DTSTART;TZID=Asia/Shanghai:{_local(event.starts_at)}",
        f"DTEND;TZID=Asia/Shanghai:{_local(event.ends_at)}",
        f"SUMMARY:{_text(event.title)}",
        f"LOCATION:{_text(place)}",
        f"DESCRIPTION:{_text(words)}",
        f"URL:{address}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(_folded(line) + "\r\n" for line in lines)
