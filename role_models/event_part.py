"""What stands on an event's page: the stories of those who speak there, and of its series."""

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import get_language

from events.models import Event
from kernel import content
from role_models.models import Story

MOST = 3
MOST_KEPT = 1000
_kept = {}  # {(event's pk, language): (version of the public content, HTML)}, of this process


def about_event(request, event):
    """Return the way to the stories of who speaks at an event and of its series, as HTML; "" where there are none.

    The same for every reader and public, so it is kept as the page is: until something public changes.
    """
    if event.sensitive_topic:
        return ""
    if not settings.PUBLIC_CACHE:
        return _part(event)
    key, version = (event.pk, get_language()), content.version()
    known, part = _kept.get(key, (None, ""))
    if known != version:
        part = _part(event)
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = version, part
    return part


def _part(event):
    series = Event.objects.filter(pk=event.pk).values("series")
    about = Q(talent__speaking__session__event=event) | Q(series__in=series)
    rows = Story.objects.shown().filter(about).distinct().with_words()
    stories = list(rows.order_by("-published_at", "-pk")[:MOST])
    if not stories:
        return ""
    return render_to_string("role_models/event_part.html", {"stories": stories})
