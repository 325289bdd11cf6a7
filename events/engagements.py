"""What she has booked at a time, for other apps that book (kernel.portal, field `engagements`)."""

from django.utils.translation import gettext as _

from events.models import HELD_STATES, Booking
from kernel.words import span_text


def engagements(talent, start, end):
    """Return a sentence for each event she has a seat at in that time; of a sensitive topic the title is not said."""
    booked = Booking.objects.filter(
        talent=talent,
        state__in=HELD_STATES,
        event__state="published",
        event__starts_at__lt=end,
        event__ends_at__gt=start,
    )
    return [_sentence(one.event) for one in booked.select_related("event").order_by("pk")]


def _sentence(event):
    words = {"when": span_text(event.starts_at, event.ends_at), "title": event.title}
    if event.sensitive_topic:
        return _("%(when)s，您已报名一场活动。") % words
    return _("%(when)s，您已报名《%(title)s》。") % words
