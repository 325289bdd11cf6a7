"""The app's part of 我的: what is new in her circles, and whether somebody asks her."""

import time

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import get_language

from cloud_home import rules
from cloud_home.models import Ask, Topic
from kernel.prepared import Prepared
from talents.operations import own_record
from talents.standing import why_not_take_part

SHOWN = 3
PART_SECONDS, MOST_PARTS = 0.5, 1000

_parts = {}  # {(event's pk, language): (HTML, kept until by time.monotonic())}, of this process

TOPICS = Prepared(
    lambda who: (
        Topic.objects.listed()
        .filter(
            Q(circle__event=None) | Q(circle__event__sensitive_topic=False),
            hidden_at=None,
            circle__memberships__user=who,
        )
        .exclude(title="")
        .order_by("-last_at", "-pk")
        .values_list("code", "title", "posts", "circle__name")[:SHOWN]
    ),
    who="accounts.User",
)
ASKED = Prepared(
    lambda who: Ask.objects.waiting().filter(user=who, topic__hidden_at=None).values_list("pk")[:1],
    who="accounts.User",
)


def newest(topics):
    """Keep those of a queryset of topics that are shown beside something else, the last moved first."""
    return topics.listed().exclude(title="").order_by("-last_at", "-pk")[:SHOWN]


NEWEST = Prepared(
    lambda event: newest(Topic.objects.filter(circle__event=event, hidden_at=None)),
    event="events.Event",
)
CARD = {"cloud_topics": TOPICS, "cloud_asked": ASKED}


def card(request, now, found):
    """Return what is new in her circles; None for who may not come in."""
    if rules.why_not_enter(request.user):
        return None
    topics = [
        {"code": code, "title": title, "replies": posts - 1, "circle": circle}
        for code, title, posts, circle in found["cloud_topics"]
    ]
    return {"cloud_topics": topics, "cloud_asked": bool(found["cloud_asked"])}


def said_to_many(context):
    """Return what the card says where it has no topics of her circles (kernel.portal.Card)."""
    if context["cloud_topics"]:
        return None
    return ("cloud_topics", ()), ("cloud_asked", context["cloud_asked"])


def about_event(request, event):
    """Return the way to an event's thread, with what is newest in it for who may read it, as HTML.

    "" for who may not come in, or where there is no thread. It fills a hole of the page: what is kept of the page for
    everybody holds nothing of it.
    """
    if event.sensitive_topic or event.is_cancelled or rules.why_not_enter(request.user):
        return ""
    if why_not_take_part(own_record(request.user)):  # staff: not all of them read all circles
        topics = Topic.objects.visible_to(request.user).filter(circle__event=event, hidden_at=None)
        return _event_part(event, newest(topics))
    return _part_for_all(event)


def _part_for_all(event):
    """Return the part of who takes part: she reads the event's page and so may read its thread, as all of them do.

    Kept for half a second, as the event's seats are, and past a booking, which moves the seats and not the thread.
    """
    if not settings.PUBLIC_CACHE:
        return _event_part(event, NEWEST(event=event))
    key, now = (event.pk, get_language()), time.monotonic()
    part, until = _parts.get(key, ("", 0))
    if now >= until:
        part = _event_part(event, NEWEST(event=event))
        if len(_parts) >= MOST_PARTS:
            _parts.clear()
        _parts[key] = part, now + PART_SECONDS
    return part


def _event_part(event, topics):
    return render_to_string(
        "cloud_home/event_part.html", {"code": event.code, "topics": list(topics)}
    )
