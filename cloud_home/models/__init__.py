"""What the Cloud Home keeps."""

from cloud_home.models.asking import Ask, Digest, Preference
from cloud_home.models.circles import (
    Circle,
    CircleKind,
    CircleQuerySet,
    Membership,
    manages_circles,
)
from cloud_home.models.moderation import Hiding, Report, ReportReason, Sanction
from cloud_home.models.posts import (
    Attachment,
    AttachmentPiece,
    Follow,
    Gone,
    Mention,
    Post,
    PostVersion,
    Thanks,
    Topic,
    TopicKind,
)

__all__ = [
    "Ask",
    "Attachment",
    "AttachmentPiece",
    "Circle",
    "CircleKind",
    "CircleQuerySet",
    "Digest",
    "Follow",
    "Gone",
    "Hiding",
    "Membership",
    "Mention",
    "Post",
    "PostVersion",
    "Preference",
    "Report",
    "ReportReason",
    "Sanction",
    "Thanks",
    "Topic",
    "TopicKind",
    "manages_circles",
]
