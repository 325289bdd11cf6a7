"""Who is taken into the team, and who is not; lists taken out."""

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import reasons
from kernel.errors import raise_if
from outreach.volunteers import letters, rules
from outreach.volunteers.models import Volunteer, VolunteerState
from privacy import audit


def managed(volunteer, by):
    """Return a volunteer locked, for staff who look after her; raises Refused."""
    raise_if(rules.why_not_manage(volunteer, by))
    return Volunteer.objects.locked(volunteer)


@transaction.atomic
def accept_volunteer(*, volunteer, by, now):
    """Take her into the team; she is told. Raises Refused, Conflict. Returns the Volunteer."""
    volunteer = managed(volunteer, by)
    if volunteer.is_active:
        return volunteer
    raise_if(rules.why_not_decide(volunteer))
    return _decide(volunteer, VolunteerState.ACTIVE, "", "outreach.accept_volunteer", by, now)


@transaction.atomic
def refuse_volunteer(*, volunteer, reason, by, now):
    """Do not take her; she reads the `reason` (4 to 200 characters). Raises Refused, Conflict, Invalid.

    Returns the Volunteer.
    """
    volunteer = managed(volunteer, by)
    raise_if(rules.why_not_decide(volunteer))
    reason = reasons.clean(reason, _("请写明原因，本人会看到。"))
    return _decide(volunteer, VolunteerState.REFUSED, reason, "outreach.refuse_volunteer", by, now)


def _decide(volunteer, state, reason, verb, by, now):
    volunteer.state, volunteer.reason = state, reason
    volunteer.decided_at, volunteer.decided_by = now, by
    volunteer.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    audit.record(verb, volunteer, by=by, at=now)
    letters.decided(volunteer, now)
    return volunteer


@transaction.atomic
def reopen_volunteer(*, volunteer, reason, by, now):
    """Take a decision back, so that her application waits again; she reads the `reason`. Raises Refused, Conflict, Invalid.

    Returns the Volunteer.
    """
    volunteer = managed(volunteer, by)
    raise_if(rules.why_not_reopen(volunteer))
    volunteer.reason = reasons.clean(reason, _("请写明原因，本人会看到。"))
    volunteer.state = VolunteerState.APPLIED
    volunteer.decided_at = volunteer.decided_by = None
    volunteer.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    audit.record("outreach.reopen_volunteer", volunteer, by=by, at=now, reason=volunteer.reason)
    letters.reopened(volunteer, now)
    return volunteer


@transaction.atomic
def export_volunteers(*, rows, by, now):
    """Put on record that a list of volunteers is taken out; returns those of `rows` one may see. Raises Refused."""
    raise_if(rules.why_not_export(by))
    if by is not None:
        rows = rows.filter(pk__in=Volunteer.objects.visible_to(by).values("pk"))
    found = list(rows.select_related("talent__unit", "talent__department"))
    if by is not None:
        audit.record("outreach.export_volunteers", by, by=by, at=now, count=len(found))
    return found
