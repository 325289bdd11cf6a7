"""What the picture of an event says that WeChat and other programs show where its address is passed on.

It is drawn by the worker (events.operations.share_pictures) with kernel.share_pictures.
"""

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kernel import share_pictures
from kernel.words import span_text


def said(event):
    """Return what the picture of an event says (kernel.share_pictures.drawn); in Chinese, as events are titled."""
    with translation.override("zh-hans"):
        badges = [
            ["alert", _("已取消") if event.is_cancelled else ""],
            ["honour", _("女性专场") if event.womens_track else ""],
            ["kind", str(event.get_kind_display())],
        ]
        when = span_text(*map(timezone.localtime, (event.starts_at, event.ends_at)))
        return {
            "programme": _("两江女性科技人才门户"),
            "badges": [badge for badge in badges if badge[1]],
            "title": event.title,
            "lines": [when, str(event.place)],
        }


def mark(event):
    """Return what tells one saying from another."""
    return share_pictures.mark(said(event))


def drawn(event):
    """Return the picture of an event as PNG."""
    return share_pictures.drawn(said(event))


def address(event):
    """Return where programs find the picture of an event, with host; the portal's own where it has none that is true.

    Asks for what `select_related("share_picture")` brings along.
    """
    try:
        found = event.share_picture if event.is_public else None
    except ObjectDoesNotExist:
        found = None
    return share_pictures.address(found, found and mark(event), "share_picture", event.code)
