"""The buttons of an event that is over."""

from django.urls import reverse
from django.utils.translation import gettext as _

from events import rules


def after_links(event, user, now):
    """Return what `user` finds of an event that is over: (words, address, icon) each."""
    if not event.is_published or not event.is_over(now):
        return []
    offered = ((_("反馈"), "feedback", "reviews", rules.why_not_read_feedback(event, user)),)
    return [
        (words, reverse(f"admin:events_event_{page}", args=[event.pk]), icon)
        for words, page, icon, why_not in offered
        if why_not is None
    ]
