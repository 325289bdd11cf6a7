"""Consultations, their invitations, opinions and targets in the admin."""

from advisory.consultations.admin.consultations import ConsultationAdmin
from advisory.consultations.admin.invitations import InvitationAdmin, OpinionAdmin
from advisory.consultations.admin.targets import ShareTargetAdmin

__all__ = ["ConsultationAdmin", "InvitationAdmin", "OpinionAdmin", "ShareTargetAdmin"]
