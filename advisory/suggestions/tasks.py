"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from advisory.suggestions import operations
from advisory.suggestions.models import (
    Assignment,
    EffectReport,
    Suggestion,
    SuggestionCampaign,
)
from advisory.suggestions.operations.clock import AHEAD
from advisory.suggestions.rules.replies import RATE_WITHIN
from kernel.sweeps import sweep


@shared_task(name="advisory.tasks.follow_suggestions")
def follow_suggestions():
    """Every hour: end campaigns, remind of what is due, tell what is late, close what was answered for good."""
    now = timezone.now()
    today = timezone.localdate(now)
    campaigns, suggestions = SuggestionCampaign.objects, Suggestion.objects
    sweep(campaigns.to_close(now), operations.end_campaign, "campaign", now=now)
    sweep(
        Assignment.objects.to_remind(today, AHEAD), operations.remind_of_due, "assignment", now=now
    )
    sweep(Assignment.objects.to_tell(today), operations.tell_overdue, "assignment", now=now)
    second = suggestions.second_to_remind(today + AHEAD)
    sweep(second, operations.remind_of_second, "suggestion", now=now)
    effects = EffectReport.objects.to_remind(today + AHEAD)
    sweep(effects, operations.remind_of_effect, "effect", now=now)
    over = suggestions.to_end(now - RATE_WITHIN)
    sweep(over, operations.end_suggestion, "suggestion", now=now)
