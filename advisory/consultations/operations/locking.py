"""Locks, in the order of every operation: her record, then the consultation, then its event."""

from advisory.consultations import rules
from advisory.consultations.models import Consultation, ConsultationInvitation
from kernel.errors import raise_if
from talents.asking import operations as asking
from talents.models import Talent


def locked(consultation):
    """Return a consultation as it stands now, locked: whatever changes it or its invitations holds this lock."""
    rows = Consultation.objects.select_for_update(of=("self",))
    return rows.select_related("department", "event").get(pk=consultation.pk)


def locked_invitation(invitation, rule=None, *asked):
    """Return an invitation as it stands, her record and its consultation locked, if `rule(invitation, *asked)` lets it.

    The rule is asked before, so that nobody who may not waits for the locks, and again of what was locked: she may have
    been erased meanwhile. Raises what it returns, Conflict where her record was merged into another.
    """
    raise_if(rule and rule(invitation, *asked))
    talent = asking.lock(invitation.talent)
    consultation = locked(invitation.consultation)
    invitation = ConsultationInvitation.objects.get(pk=invitation.pk)
    if invitation.talent_id != talent.pk:
        raise rules.moved_on()
    invitation.talent, invitation.consultation = talent, consultation
    raise_if(rule and rule(invitation, *asked))
    return invitation


def lock_records(consultation):
    """Lock the records of who has a place, before the consultation, for what gives each of them a seat."""
    women = consultation.invitations.standing().values("talent")
    list(Talent.objects.locked().filter(pk__in=women).order_by("pk"))
