"""The catalogue, what was granted, the certificates of it, and what was recommended upward."""

from honours.models.awards import Award, AwardSource
from honours.models.catalogue import CallHonour, ForWhom, Honour, Level
from honours.models.certificates import HonourCertificate, HonourVoid
from honours.models.evidence import AwardFile, AwardFilePiece
from honours.models.recommendations import OPEN, Recommendation, RecommendationState

__all__ = [
    "OPEN",
    "Award",
    "AwardFile",
    "AwardFilePiece",
    "AwardSource",
    "CallHonour",
    "ForWhom",
    "Honour",
    "HonourCertificate",
    "HonourVoid",
    "Level",
    "Recommendation",
    "RecommendationState",
]
