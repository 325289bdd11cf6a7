"""What stands on an event's page: the stories of those who speak there, and of its series."""

from django.db.models import Q
from django.template.loader import render_to_string

from role_models.models import Story

MOST = 3


def about_event(request, event):
    """Return the way to the stories of who speaks at an event and of its series, as HTML; "" where there are none."""
    if event.sensitive_topic:
        return ""
    about = Q(talent__speaking__session__event=event)
    if event.series_id:
        about |= Q(series=event.series_id)
    rows = Story.objects.shown().filter(about).distinct().with_words()
    stories = list(rows.order_by("-published_at", "-pk")[:MOST])
    if not stories:
        return ""
    return render_to_string("role_models/event_part.html", {"stories": stories})
