"""What search engines read of an event: schema.org Event as JSON-LD."""

import json

from django.conf import settings
from django.utils import timezone

from events.models import Mode

SCHEMA = "https://schema.org"
MODES = {Mode.ON_SITE: "Offline", Mode.ONLINE: "Online", Mode.BOTH: "Mixed"}
# In a script element these end it, or begin a comment.
ESCAPED = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def described(event, speakers, image):
    """Return the JSON-LD of a public event, safe inside a script element; `speakers` as the page names them.

    `image` is the address of its picture.

    Data of this kind is run by no browser, so the policy that forbids scripts in pages does not concern it.
    """
    status = "Cancelled" if event.is_cancelled else "Scheduled"
    facts = {
        "@context": SCHEMA,
        "@type": "Event",
        "name": event.title,
        "description": event.summary,
        "startDate": timezone.localtime(event.starts_at).isoformat(timespec="minutes"),
        "endDate": timezone.localtime(event.ends_at).isoformat(timespec="minutes"),
        "eventStatus": f"{SCHEMA}/Event{status}",
        "eventAttendanceMode": f"{SCHEMA}/{MODES[event.mode]}EventAttendanceMode",
        "location": _places(event),
        "image": [image],
        "url": _page(event),
        "organizer": {"@type": "Organization", "name": event.department.name},
        "isAccessibleForFree": True,
        "maximumAttendeeCapacity": event.capacity,
    }
    if speakers:
        facts["performer"] = [{"@type": "Person", "name": speaker.name} for speaker in speakers]
    if event.series and event.series.is_visible:
        address = f"{settings.SITE_URL}{event.series.get_absolute_url()}"
        facts["superEvent"] = {"@type": "EventSeries", "name": event.series.name, "url": address}
    return json.dumps(facts, ensure_ascii=False).translate(ESCAPED)


def _page(event):
    return f"{settings.SITE_URL}{event.get_absolute_url()}"


def _places(event):
    """Return where it is held; the link of an online meeting is for who has a seat, so the page stands for it."""
    venue = {
        "@type": "Place",
        "name": event.venue,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": event.address or event.venue,
            "addressLocality": "重庆",
            "addressCountry": "CN",
        },
    }
    online = {"@type": "VirtualLocation", "url": _page(event)}
    return {
        Mode.ON_SITE: [venue],
        Mode.ONLINE: [online],
        Mode.BOTH: [venue, online],
    }[event.mode]
