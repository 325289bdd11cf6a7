"""Training programmes with their certificates, and coaching by the hour."""

from entrepreneurship.learning.models.certificates import (
    PERIOD,
    TrainingCertificate,
    TrainingKind,
    TrainingVoid,
    periods,
)
from entrepreneurship.learning.models.coaching import (
    Coach,
    CoachingHour,
    CoachingProposal,
    CoachingTalk,
    CoachState,
    CoachTopic,
    DeclineReason,
    ProposalState,
    Said,
)
from entrepreneurship.learning.models.training import (
    Enrolment,
    EnrolmentState,
    ModuleEvent,
    Programme,
    ProgrammeModule,
    ProgrammeState,
    Risk,
    Theme,
)

__all__ = [
    "PERIOD",
    "Coach",
    "CoachState",
    "CoachTopic",
    "CoachingHour",
    "CoachingProposal",
    "CoachingTalk",
    "DeclineReason",
    "Enrolment",
    "EnrolmentState",
    "ModuleEvent",
    "Programme",
    "ProgrammeModule",
    "ProgrammeState",
    "ProposalState",
    "Risk",
    "Said",
    "Theme",
    "TrainingCertificate",
    "TrainingKind",
    "TrainingVoid",
    "periods",
]
