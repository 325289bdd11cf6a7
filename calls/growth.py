"""What women were chosen for: milestones of their growth, and who applied, for the trends."""

from django.utils import timezone

from calls.models import Application, ApplicationState, CallKind
from kernel.portal import Milestone


def milestones(talent):
    """Return what a woman was chosen for, once the results were told. One query."""
    chosen = Application.objects.filter(talent=talent, state=ApplicationState.AWARDED)
    return [_milestone(row.call) for row in chosen.select_related("call").order_by("pk")]


def _milestone(call):
    return Milestone(
        timezone.localdate(call.decided_at),
        "day",
        CallKind(call.kind).label,
        call.title,
        ApplicationState.AWARDED.label,
        call.get_absolute_url(),
    )


def applied_since(moment):
    """Return the ids of the talents who handed in an application since a moment (None: ever) and did not withdraw it."""
    handed_in = Application.objects.exclude(state=ApplicationState.WITHDRAWN)
    since = {"submitted_at__isnull": False} if moment is None else {"submitted_at__gte": moment}
    return handed_in.filter(**since).values("talent")
