"""What the clock does for requests: asks the next, ends what nobody answered, re-offers, reminds, tells a school in time."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from kernel import rights
from kernel.sweeps import sweep
from outreach.requests import letters, operations, rules
from outreach.requests.models import InvitationState, RequestState, SchoolRequest, VisitInvitation
from outreach.volunteers.models import Volunteer
from outreach.volunteers.rules import why_not_go
from privacy import audit
from talents.asking.models import Answer


@shared_task(name="outreach.tasks.follow_requests")
def follow_requests():
    """Every ten minutes: lapse, re-offer, end, ask the next, tell after fourteen days, remind two days before."""
    now = timezone.now()
    today = timezone.localdate(now)
    rows = SchoolRequest.objects
    sweep(VisitInvitation.objects.to_lapse(now), operations.lapse_visit, "invitation", now=now)
    sweep(rows.arranged().filter(day__gte=today), reoffer_visit, "request", now=now)
    sweep(rows.to_end(today), end_unmet, "request", now=now)
    sweep(rows.to_ask(), operations.ask_volunteers, "request", now=now)
    sweep(rows.to_tell_unmet(now), tell_unmet, "request", now=now)
    sweep(rows.to_remind(today), remind_of_visit, "request", now=now)


def reoffer_visit(*, request, now):
    """Offer an arranged visit to others where who was to come may not go on its day; returns whether it was."""
    found = request.invitations.select_related("talent__user", "request__unit")
    invitation = found.filter(state=InvitationState.ACCEPTED).first()
    if invitation is None:
        return False
    volunteer = Volunteer.objects.filter(talent=invitation.talent_id).first()
    if volunteer is not None and why_not_go(volunteer, request.day) is None:
        return False
    operations.give_back_visit(invitation=invitation, by=None, now=now)
    return True


@transaction.atomic
def end_unmet(*, request, now):
    """End a request whose last day has come with nobody found; its school is told. Returns whether it was ended."""
    request = SchoolRequest.objects.locked(request)
    if request.state != RequestState.SENT:
        return False
    request.state, request.ended_at = RequestState.UNMET, now
    request.save(update_fields=["state", "ended_at"])
    for invitation in request.invitations.open():
        operations.answered(invitation, InvitationState.WITHDRAWN, Answer.WITHDRAWN, now)
    letters.unmet(request, now)
    audit.record("outreach.end_unmet", request, by=None, at=now)
    return True


@transaction.atomic
def tell_unmet(*, request, now):
    """Tell a school after fourteen days that nobody was found yet, and what helps. Returns whether it was told."""
    request = SchoolRequest.objects.locked(request)
    if request.state != RequestState.SENT or request.told_unmet_at:
        return False
    request.told_unmet_at = now
    request.save(update_fields=["told_unmet_at"])
    letters.not_found_yet(request, now)
    return True


@transaction.atomic
def remind_of_visit(*, request, now):
    """Remind both sides once, two days before. Returns whether they were."""
    request = SchoolRequest.objects.locked(request)
    if request.state != RequestState.ARRANGED or request.reminded_at:
        return False
    request.reminded_at = now
    request.save(update_fields=["reminded_at"])
    letters.remind(request, now)
    return True


@transaction.atomic
def retry_request(*, row, by, now):
    """Let the clock try a request again that it set aside. Raises Refused. Returns the SchoolRequest."""
    rights.require(by, rules.COORDINATE)
    if SchoolRequest.objects.filter(pk=row.pk).try_again():
        audit.record("outreach.retry_request", row, by=by, at=now)
    return row
