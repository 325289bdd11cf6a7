"""Stories of role models, and talks units ask them for."""

from role_models.models.share_pictures import StorySharePicture
from role_models.models.stories import (
    FEWEST_READERS,
    MOST_BODY,
    WORDS,
    WORKING,
    Story,
    StoryKind,
    StoryPhoto,
    StoryPhotoPiece,
    StoryReads,
    StoryVersion,
    VersionState,
)
from role_models.models.talks import (
    OPEN,
    InvitationState,
    RequestState,
    TalkInvitation,
    TalkOffer,
    TalkRequest,
)

__all__ = [
    "FEWEST_READERS",
    "MOST_BODY",
    "OPEN",
    "WORDS",
    "WORKING",
    "InvitationState",
    "RequestState",
    "Story",
    "StoryKind",
    "StoryPhoto",
    "StoryPhotoPiece",
    "StoryReads",
    "StorySharePicture",
    "StoryVersion",
    "TalkInvitation",
    "TalkOffer",
    "TalkRequest",
    "VersionState",
]
