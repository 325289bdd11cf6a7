"""Suggestions in the admin: campaigns, suggestions, who deals with them, replies, adoptions, effects, contests."""

from advisory.suggestions.admin.adoptions import AdoptionAdmin, ContestAdmin, EffectReportAdmin
from advisory.suggestions.admin.assignments import AssignmentAdmin
from advisory.suggestions.admin.campaigns import CampaignAdmin
from advisory.suggestions.admin.replies import ReplyAdmin
from advisory.suggestions.admin.suggestions import SuggestionAdmin

__all__ = [
    "AdoptionAdmin",
    "AssignmentAdmin",
    "CampaignAdmin",
    "ContestAdmin",
    "EffectReportAdmin",
    "ReplyAdmin",
    "SuggestionAdmin",
]
