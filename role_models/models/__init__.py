"""Stories of role models, and talks units ask them for."""

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

__all__ = [
    "FEWEST_READERS",
    "MOST_BODY",
    "WORDS",
    "WORKING",
    "Story",
    "StoryKind",
    "StoryPhoto",
    "StoryPhotoPiece",
    "StoryReads",
    "StoryVersion",
    "VersionState",
]
