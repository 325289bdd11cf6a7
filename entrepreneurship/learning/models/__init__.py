"""Training programmes with their certificates, and coaching by the hour."""

from entrepreneurship.learning.models.certificates import (
    PERIOD,
    TrainingCertificate,
    TrainingKind,
    TrainingVoid,
    periods,
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
    "Enrolment",
    "EnrolmentState",
    "ModuleEvent",
    "Programme",
    "ProgrammeModule",
    "ProgrammeState",
    "Risk",
    "Theme",
    "TrainingCertificate",
    "TrainingKind",
    "TrainingVoid",
    "periods",
]
