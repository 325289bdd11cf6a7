"""Locks, in the order of every operation: her record, then the consultation, then its event."""

from advisory.consultations.models import Consultation, ConsultationInvitation
from talents.asking import operations as asking


def locked(consultation):
    """Return a consultation as it stands now, locked: whatever changes it or its invitations holds this lock."""
    rows = Consultation.objects.select_for_update(of=("self",))
    return rows.select_related("department", "event").get(pk=consultation.pk)


def locked_invitation(invitation):
    """Return an invitation as it stands, her record and its consultation locked."""
    talent = asking.lock(invitation.talent)
    consultation = locked(invitation.consultation)
    invitation = ConsultationInvitation.objects.get(pk=invitation.pk)
    invitation.talent, invitation.consultation = talent, consultation
    return invitation
