"""What schools asked of one woman: in her copy, when she is erased or leaves, when records are merged."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.portal import Group
from outreach.requests.models import InvitationState, VisitInvitation
from outreach.requests.operations import decline_visit, give_back_visit
from talents.departures import Departure
from talents.doubles.moving import Moving

COVERS = ("outreach.VisitInvitation.talent",)


def collect(user):
    """Return where she was asked to come, and what she answered."""
    rows = VisitInvitation.objects.of_woman(user).select_related("request__unit").order_by("pk")
    return [Group(gettext_lazy("上门邀请"), rows, ("request", "state", "asked_at", "answered_at"))]


def _let_go(talents, now):
    """Decline what waits for her answer and give back what is still to come; returns how many."""
    today_on = VisitInvitation.objects.filter(talent__in=talents).select_related(
        "talent__user", "request__unit"
    )
    changed = 0
    for invitation in today_on.open():
        decline_visit(invitation=invitation, by=None, now=now)
        changed += 1
    to_come = today_on.filter(
        state=InvitationState.ACCEPTED, request__state="arranged", request__day__gte=now.date()
    )
    for invitation in to_come:
        give_back_visit(invitation=invitation, by=None, now=now)
        changed += 1
    return changed


def erase(person, now):
    """Give back what is to come; that a school was visited stays, without who she was."""
    return _let_go(list(person.records), now)


def lost_by_leaving(talent, now, hers):
    """Say that others go where she was to go."""
    waits = VisitInvitation.objects.filter(
        talent=talent, state__in=(InvitationState.ASKED, InvitationState.ACCEPTED)
    )
    waits = waits.filter(request__state__in=("sent", "arranged"))
    return [_("约好的上门会另外请人去。")] if waits.exists() else []


def leave(*, talent, hers, now):
    """Let others go where she was to go; the system does so, by rule."""
    _let_go([talent], now)


def _both(keep, lose):
    """Return the invitations of `lose` to requests `keep` was asked for as well: they stay where they are."""
    asked = VisitInvitation.objects.filter(talent=keep).values("request")
    return list(
        VisitInvitation.objects.filter(talent=lose, request__in=asked).values_list("pk", flat=True)
    )


DEPARTURES = (Departure(38, lost_by_leaving, leave),)
MOVINGS = (Moving(50, "outreach.VisitInvitation", words=gettext_lazy("上门邀请"), stays=_both),)
