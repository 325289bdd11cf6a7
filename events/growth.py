"""Events she came to or spoke at, as milestones of her growth."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Booking, EventState, Speaker
from kernel.portal import Milestone


def milestones(talent):
    """Return the events a woman came to, while her bookings are kept, and where she spoke. Two queries.

    Sensitive topics are left out: what one prints and shows is no place for them.
    """
    came = Booking.objects.checked_in().filter(talent=talent, event__sensitive_topic=False)
    spoke = Speaker.objects.filter(
        talent=talent,
        session__ends_at__lte=timezone.now(),
        session__event__state=EventState.PUBLISHED,
        session__event__sensitive_topic=False,
    )
    return [
        *(
            _milestone(_("参加活动"), row.event)
            for row in came.select_related("event").order_by("pk")
        ),
        *(
            _milestone(_("主讲"), row.event, row.session.title)
            for row in spoke.select_related("session__event").order_by("pk")
        ),
    ]


def _milestone(kind, event, title=""):
    return Milestone(
        timezone.localdate(event.starts_at),
        "day",
        kind,
        title or event.title,
        event.title if title else event.place,
        event.get_absolute_url(),
    )
