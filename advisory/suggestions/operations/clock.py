"""What the clock does: campaigns end, what is due soon or late is told once, limits follow a corrected calendar."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from advisory.suggestions import letters
from advisory.suggestions.models import Assignment, EffectReport, Suggestion, SuggestionState
from advisory.suggestions.operations.campaigns import close_campaign
from advisory.suggestions.operations.locking import locked, locked_assignment
from advisory.suggestions.rules import handling as rules
from advisory.suggestions.rules import who
from kernel.errors import raise_if
from places.holidays import or_next_working_day
from privacy import audit

AHEAD = timedelta(days=7)


@transaction.atomic
def end_campaign(*, campaign, now):
    """Close a campaign whose hours are over."""
    fresh = type(campaign).objects.to_close(now).filter(pk=campaign.pk).first()
    if fresh:
        close_campaign(campaign=fresh, by=None, now=now)


@transaction.atomic
def remind_of_due(*, assignment, now):
    """Tell the department once that its last day comes, for each last day."""
    assignment = locked_assignment(assignment)
    today = timezone.localdate(now)
    if not assignment.is_open or assignment.reminded_of == assignment.due_on:
        return
    if not today <= assignment.due_on <= today + AHEAD:
        return
    assignment.reminded_of = assignment.due_on
    assignment.save(update_fields=["reminded_of"])
    letters.due_soon(assignment, now)


@transaction.atomic
def tell_overdue(*, assignment, now):
    """Tell the department and the coordinator once that a last day has passed."""
    assignment = locked_assignment(assignment)
    if not assignment.is_overdue(timezone.localdate(now)):
        return
    if assignment.overdue_told_of == assignment.due_on:
        return
    assignment.overdue_told_of = assignment.due_on
    assignment.save(update_fields=["overdue_told_of"])
    letters.overdue(assignment, now)


@transaction.atomic
def remind_of_second(*, suggestion, now):
    """Tell the department once that the second reply it promised is due within a week."""
    suggestion = locked(suggestion)
    if suggestion.state != SuggestionState.ANSWERED or suggestion.second_on is None:
        return
    if suggestion.second_reminded_on == suggestion.second_on:
        return
    suggestion.second_reminded_on = suggestion.second_on
    suggestion.save(update_fields=["second_reminded_on"])
    letters.second_due(suggestion, now)


@transaction.atomic
def remind_of_effect(*, effect, now):
    """Tell the department once that the effect of an adoption is to be told."""
    locked(effect.adoption.suggestion)
    waiting = EffectReport.objects.waiting().select_related("adoption__suggestion")
    effect = waiting.filter(pk=effect.pk).first()
    if effect is None or effect.reminded_of == effect.due_on:
        return
    effect.reminded_of = effect.due_on
    effect.save(update_fields=["reminded_of"])
    letters.effect_due(effect, now)


@transaction.atomic
def retry_suggestion(*, row, by, now):
    """Let the clock try again what it could not do of a suggestion. Raises Refused. Returns the Suggestion."""
    raise_if(who.why_not_coordinate(row.campaign, by))
    row = locked(row)
    _try_again(row, row, "advisory.retry_suggestion", by, now)
    return row


@transaction.atomic
def retry_assignment(*, row, by, now):
    """Let the clock try again what it could not do of an assignment. Raises Refused. Returns the Assignment."""
    raise_if(who.why_not_coordinate(row.suggestion.campaign, by))
    row = locked_assignment(row)
    _try_again(row, row.suggestion, "advisory.retry_assignment", by, now)
    return row


@transaction.atomic
def retry_effect(*, row, by, now):
    """Let the clock try again to remind of an effect. Raises Refused. Returns the EffectReport."""
    raise_if(who.why_not_coordinate(row.adoption.suggestion.campaign, by))
    suggestion = locked(row.adoption.suggestion)
    row = EffectReport.objects.get(pk=row.pk)
    _try_again(row, suggestion, "advisory.retry_effect", by, now)
    return row


def _try_again(row, suggestion, verb, by, now):
    if row.sweep_failures:
        row.sweep_failures = 0
        row.save(update_fields=["sweep_failures"])
        audit.record(verb, suggestion, by=by, at=now)


@transaction.atomic
def move_terms(*, now):
    """Have open limits end later where a day was made free, never earlier (kernel.portal, field `terms`)."""
    for one in Assignment.objects.open().order_by("suggestion_id", "pk"):
        assignment = locked_assignment(one)
        if not assignment.is_open:
            continue
        due, back = rules.due_on(assignment), rules.not_ours_by(assignment)
        later = {}
        if due > assignment.due_on:
            later["due_on"] = due
        if back > assignment.not_ours_by:
            later["not_ours_by"] = back
        for name, day in later.items():
            setattr(assignment, name, day)
        if later:
            assignment.save(update_fields=list(later))
            moved = {name: str(day) for name, day in later.items()}
            about = {"assignment": assignment.pk, **moved}
            audit.record("advisory.move_limit", assignment.suggestion, by=None, at=now, **about)
    promised = Suggestion.objects.filter(state=SuggestionState.ANSWERED, second_on__isnull=False)
    for suggestion in promised.order_by("pk"):
        if or_next_working_day(suggestion.second_on) > suggestion.second_on:
            _move_second(suggestion, now)
    for effect in EffectReport.objects.waiting().order_by("adoption__suggestion_id", "pk"):
        if or_next_working_day(effect.due_on) > effect.due_on:
            _move_effect(effect, now)


def _move_second(suggestion, now):
    suggestion = locked(suggestion)
    if suggestion.state != SuggestionState.ANSWERED or suggestion.second_on is None:
        return
    suggestion.second_on = or_next_working_day(suggestion.second_on)
    suggestion.save(update_fields=["second_on"])
    about = {"second_on": str(suggestion.second_on)}
    audit.record("advisory.move_limit", suggestion, by=None, at=now, **about)


def _move_effect(effect, now):
    suggestion = locked(effect.adoption.suggestion)
    effect = EffectReport.objects.waiting().filter(pk=effect.pk).first()
    if effect is None:
        return
    effect.due_on = or_next_working_day(effect.due_on)
    effect.save(update_fields=["due_on"])
    about = {"effect": effect.pk, "due_on": str(effect.due_on)}
    audit.record("advisory.move_limit", suggestion, by=None, at=now, **about)
