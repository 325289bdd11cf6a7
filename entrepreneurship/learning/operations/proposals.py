"""Times a woman proposes where a coach has none free: taken up with her seat, declined with a reason, lapsed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.learning import coaching_letters as letters
from entrepreneurship.learning.models import (
    Coach,
    CoachingProposal,
    DeclineReason,
    ProposalState,
)
from entrepreneurship.learning.operations.hours import make_hour
from entrepreneurship.learning.rules import coaching as rules
from events import operations as events
from kernel.errors import Invalid
from places.holidays import working_days_after
from privacy import audit

MINUTES = 60


@transaction.atomic
def propose_times(*, coach, talent, topic, message, times, by, now):
    """Propose three times (moments) to a coach who has no free hour; answered within five working days.

    `message` (≤ 500 characters) is read by the coach alone. Raises Refused, Conflict, Invalid. Returns the
    CoachingProposal.
    """
    if error := rules.why_not_propose_for(talent, by):
        raise error
    coach = Coach.objects.locked(coach)
    if error := rules.why_not_propose(coach, talent, now) or rules.why_not_times(times, now):
        raise error
    if topic not in coach.topics:
        raise Invalid("topic_unknown", _("请从辅导人的方向里选一个。"), field="topic")
    proposal = CoachingProposal(
        coach=coach,
        talent=talent,
        topic=topic,
        message=(message or "").strip()[:500],
        times=sorted(times),
        made_at=now,
        answer_by=working_days_after(timezone.localdate(now), rules.ANSWER_DAYS),
    )
    proposal.save()
    audit.record("entrepreneurship.propose_times", proposal, by=by, at=now)
    letters.send([letters.proposed(proposal)], now)
    return proposal


def _locked(proposal, right, who, by):
    """Return the proposal as it stands, its coach locked, if `right(who, by)` lets her."""
    if error := right(who, by):
        raise error
    coach = Coach.objects.locked(proposal.coach)
    proposal = CoachingProposal.objects.select_related("talent__user").get(pk=proposal.pk)
    proposal.coach = coach
    return proposal


@transaction.atomic
def accept_proposal(*, proposal, choice, by, now):
    """Take one of the times (`choice`: 0, 1 or 2): the hour is published, and its seat is hers.

    Raises Refused, Conflict where it is decided, the time overlaps another hour or she cannot have it, Invalid.
    Returns the CoachingProposal. Taken twice it is taken once.
    """
    proposal = _locked(proposal, rules.why_not_publish_for, proposal.coach, by)
    if proposal.state == ProposalState.ACCEPTED:
        return proposal
    coach = proposal.coach
    if error := rules.why_not_answer(proposal) or rules.why_not_publish(coach, now):
        raise error
    if choice not in range(rules.TIMES):
        raise Invalid("choice_missing", _("请选择其中一个时间。"), field="choice")
    starts_at = proposal.times[choice]
    topic = proposal.topic if proposal.topic in coach.topics else coach.topics[0]
    if error := rules.why_not_hour(coach, starts_at, MINUTES, topic, now):
        raise Invalid(error.code, str(error), field="choice")
    hour = make_hour(coach, starts_at, MINUTES, topic, now, by=by)
    booking = events.book(event=hour.event, talent=proposal.talent, by=None, now=now)
    hour.told = booking
    hour.save(update_fields=["told"])
    hour.talks.create(talent=proposal.talent, aims=proposal.message, begun_at=now)
    proposal.state, proposal.answered_at, proposal.hour = ProposalState.ACCEPTED, now, hour
    proposal.save(update_fields=["state", "answered_at", "hour"])
    audit.record("entrepreneurship.accept_proposal", proposal, by=by, at=now)
    return proposal


@transaction.atomic
def decline_proposal(*, proposal, reason, by, now):
    """Take none of the times; `reason` is a DeclineReason, which she reads. Raises Refused, Conflict, Invalid."""
    proposal = _locked(proposal, rules.why_not_publish_for, proposal.coach, by)
    if proposal.state == ProposalState.DECLINED:
        return proposal
    if error := rules.why_not_answer(proposal):
        raise error
    if reason not in DeclineReason.values:
        raise Invalid("reason_missing", _("请选择婉拒的原因，本人会看到。"), field="reason")
    proposal.reason = reason
    return _end(proposal, ProposalState.DECLINED, now, "entrepreneurship.decline_proposal", by)


@transaction.atomic
def withdraw_proposal(*, proposal, by, now):
    """Take one's own proposal back. Twice does nothing twice. Raises Refused, Conflict."""
    proposal = _locked(proposal, rules.why_not_propose_for, proposal.talent, by)
    if proposal.state == ProposalState.WITHDRAWN:
        return proposal
    if error := rules.why_not_answer(proposal):
        raise error
    return _end(proposal, ProposalState.WITHDRAWN, now, "entrepreneurship.withdraw_proposal", by)


@transaction.atomic
def lapse_proposal(*, proposal, now):
    """End a proposal nobody answered in time; safe to repeat. Returns the CoachingProposal."""
    proposal = _locked(proposal, rules.why_not_publish_for, proposal.coach, None)
    if proposal.is_open and timezone.localdate(now) > proposal.answer_by:
        _end(proposal, ProposalState.LAPSED, now, "entrepreneurship.lapse_proposal", None)
    return proposal


def _end(proposal, state, now, verb, by):
    proposal.state, proposal.answered_at = state, now
    proposal.save(update_fields=["state", "answered_at", "reason"])
    audit.record(verb, proposal, by=by, at=now)
    letters.send([letters.answered(proposal)], now)
    return proposal


def end_open(coach, now):
    """End the proposals that wait for a coach who coaches no longer; the caller holds the coach's lock."""
    for proposal in coach.proposals.open().select_related("talent__user", "coach__user"):
        _end(proposal, ProposalState.LAPSED, now, "entrepreneurship.lapse_proposal", None)


def move_terms(now):
    """Move the time to answer by the calendar as it is now, later alone (kernel.portal, field `terms`)."""
    for proposal in CoachingProposal.objects.open().select_for_update():
        made = timezone.localdate(proposal.made_at)
        ends = working_days_after(made, rules.ANSWER_DAYS)
        if ends > proposal.answer_by:
            proposal.answer_by = ends
            proposal.save(update_fields=["answer_by"])
