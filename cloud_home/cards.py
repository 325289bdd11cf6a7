"""The app's part of 我的: what is new in her circles, and whether somebody asks her."""

from functools import lru_cache

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import get_language

from cloud_home import rules
from cloud_home.models import Ask, Topic
from kernel.prepared import Prepared

SHOWN = 3

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
    lambda who: Ask.objects.filter(user=who, answered_at=None, declined_at=None).values_list("pk")[
        :1
    ],
    who="accounts.User",
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


def about_event(request, event):
    """Return the way to an event's thread as HTML, "" for who may not come in or where there is none."""
    if event.sensitive_topic or event.is_cancelled or rules.why_not_enter(request.user):
        return ""
    return _way_to_thread(event.code, get_language())


@lru_cache(maxsize=256)
def _way_to_thread(code, language):
    return render_to_string("cloud_home/event_part.html", {"code": code})
