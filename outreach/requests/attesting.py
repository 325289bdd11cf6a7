"""After the day: the school attests that she came and how long, without the way there; somebody else confirms the hours."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from care_points.models import HoursSource
from care_points.operations.correcting_hours import drop_noted_hours
from care_points.operations.hours import note_hours
from kernel.errors import raise_if
from outreach.requests import rules
from outreach.requests.models import InvitationState, RequestState, SchoolRequest
from privacy import audit


def _origin(request):
    return f"outreach.visit:{request.pk}"


def _locked(request, by):
    raise_if(rules.why_not_ask(request.unit, by))
    return SchoolRequest.objects.locked(request)


@transaction.atomic
def attest_visit(*, request, half_hours, girls, boys, by, now):
    """Attest that a visit took place: half hours without travel, how many girls and boys came. Returns the SchoolRequest.

    Her hours wait for a member of staff to confirm them (care_points), who gives the points. Raises Refused, Invalid,
    Conflict, and what care_points.operations.hours.note_hours raises.
    """
    request = _locked(request, by)
    raise_if(rules.why_not_attest(request, now) or rules.why_not_attested(half_hours, girls, boys))
    who = request.invitations.select_related("talent__user").get(state=InvitationState.ACCEPTED)
    request.state, request.attested_by, request.attested_at = RequestState.HELD, by, now
    request.half_hours, request.girls_came, request.boys_came = half_hours, girls, boys
    request.ended_at = now
    request.save()
    begins = timezone.make_aware(datetime.combine(request.day, request.begins))
    note_hours(
        talent=who.talent,
        activity=str(request),
        starts_at=begins,
        half_hours=half_hours,
        source=HoursSource.LEADER,
        origin=_origin(request),
        by=by,
        now=now,
    )
    audit.record("outreach.attest_visit", request, by=by, at=now, half_hours=half_hours)
    return request


@transaction.atomic
def miss_visit(*, request, by, now):
    """Note that a visit did not take place; it can still be attested. Raises Refused, Conflict. Returns the SchoolRequest."""
    request = _locked(request, by)
    raise_if(rules.why_not_attest(request, now))
    request.state, request.ended_at = RequestState.MISSED, now
    request.save(update_fields=["state", "ended_at"])
    audit.record("outreach.miss_visit", request, by=by, at=now)
    return request


@transaction.atomic
def take_back_attest(*, request, by, now):
    """Take back what was attested, or that it did not take place: it can be said anew. Returns the SchoolRequest.

    Raises Refused, Conflict, and Conflict("hours_confirmed") once a colleague has confirmed the hours.
    """
    request = _locked(request, by)
    raise_if(rules.why_not_take_back(request))
    drop_noted_hours(origin=_origin(request), by=by, now=now)
    request.state, request.ended_at = RequestState.ARRANGED, None
    request.half_hours = request.girls_came = request.boys_came = None
    request.attested_by = request.attested_at = None
    request.save()
    audit.record("outreach.take_back_attest", request, by=by, at=now)
    return request
