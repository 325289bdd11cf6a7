"""Calls, their stages and forms, and what is applied for."""

from calls.models.applications import (
    UNDECIDED,
    Answer,
    Application,
    ApplicationState,
    Return,
    ReturnItem,
)
from calls.models.calls import (
    Call,
    CallKind,
    CallState,
    Field,
    FieldKind,
    FromProfile,
    NominationSource,
    Numbering,
    Stage,
    StageKind,
)
from calls.models.notices import (
    NoticeEntry,
    NoticeState,
    Objection,
    ObjectionState,
    PublicNotice,
)

__all__ = [
    "UNDECIDED",
    "Answer",
    "Application",
    "ApplicationState",
    "Call",
    "CallKind",
    "CallState",
    "Field",
    "FieldKind",
    "FromProfile",
    "NominationSource",
    "NoticeEntry",
    "NoticeState",
    "Numbering",
    "Objection",
    "ObjectionState",
    "PublicNotice",
    "Return",
    "ReturnItem",
    "Stage",
    "StageKind",
]
