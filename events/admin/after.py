"""The buttons of an event that is over."""

from django.urls import reverse
from django.utils.translation import gettext as _

from events import rules


def after_links(event, user, now):
    """Return what `user` finds of an event besides its form: (words, address, icon) each."""
    over = event.is_published and event.is_over(now)
    names = rules.why_not_see_names(event, user, "events.view_booking") is None
    offered = (
        (_("证书"), "certificates", "workspace_premium", names and not event.is_cancelled),
        (_("反馈"), "feedback", "reviews", names and over),
        (_("报告"), "report", "bar_chart", over),
    )
    return [
        (words, reverse(f"admin:events_event_{page}", args=[event.pk]), icon)
        for words, page, icon, shown in offered
        if shown
    ]
