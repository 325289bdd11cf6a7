"""The picture of an event that WeChat and other programs show where its address is passed on: what it says, its address.

It is drawn by the worker (events.operations.share_pictures): typst takes 7 MB of a process and a fifth of a second.
"""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.models.share_pictures import MARK_LENGTH
from kernel import documents
from kernel.words import span_text

TEMPLATE = Path(__file__).with_name("share_picture.typ")
SIZE = (1200, 630)  # what programs show whole
SHARED_BY_ALL = "/share.png"  # of a page without a picture of its own


def said(event):
    """Return what the picture of an event says, as plain JSON values; in Chinese, as events are titled."""
    with translation.override("zh-hans"):
        return {
            "programme": _("两江女性科技人才门户"),
            "kind": str(event.get_kind_display()),
            "track": _("女性专场") if event.womens_track else "",
            "cancelled": _("已取消") if event.is_cancelled else "",
            "title": event.title,
            "when": span_text(*map(timezone.localtime, (event.starts_at, event.ends_at))),
            "place": str(event.place),
        }


def mark(event):
    """Return what tells one saying from another."""
    told = "\n".join((TEMPLATE.name, *said(event).values()))
    return hashlib.sha256(told.encode()).hexdigest()[:MARK_LENGTH]


def drawn(event):
    """Return the picture of an event as PNG."""
    return documents.render(TEMPLATE, said(event), form="png", ppi=72)


def address(event):
    """Return where programs find the picture of an event, with host; the portal's own where it has none that is true.

    Asks for what `select_related("share_picture")` brings along.
    """
    try:
        found = event.share_picture if event.is_public else None
    except ObjectDoesNotExist:
        found = None
    if found is None or found.drawn_at is None or found.mark != mark(event):
        return settings.SITE_URL + SHARED_BY_ALL
    with translation.override("zh-hans"):  # one address for both languages
        return settings.SITE_URL + reverse("share_picture", args=[event.code, found.mark])
