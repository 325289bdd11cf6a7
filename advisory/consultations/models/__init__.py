"""All tables of consultations."""

from advisory.consultations.models.consultations import (
    ENDED,
    MOST_PLACES,
    SEES,
    Consultation,
    ConsultationKind,
    ConsultationState,
    Mode,
    ShareTarget,
)
from advisory.consultations.models.invitations import (
    SAW_IT_THROUGH,
    SEATED,
    STANDING,
    ConflictState,
    ConsultationInvitation,
    InvitationState,
    Opinion,
    Outcome,
)
from advisory.consultations.models.papers import (
    ConsultationPaper,
    ConsultationPaperPiece,
    PaperOpening,
)

__all__ = [
    "ENDED",
    "MOST_PLACES",
    "SAW_IT_THROUGH",
    "SEATED",
    "SEES",
    "STANDING",
    "ConflictState",
    "Consultation",
    "ConsultationInvitation",
    "ConsultationKind",
    "ConsultationPaper",
    "ConsultationPaperPiece",
    "ConsultationState",
    "InvitationState",
    "Mode",
    "Opinion",
    "Outcome",
    "PaperOpening",
    "ShareTarget",
]
