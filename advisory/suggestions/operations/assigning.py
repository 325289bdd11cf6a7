"""Which departments deal with it, by when; more days."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from advisory.suggestions import letters, limits
from advisory.suggestions.models import (
    UNSIGNED,
    Assignment,
    AssignmentState,
    Extension,
    ExtensionState,
    ReplyState,
    Role,
)
from advisory.suggestions.operations.locking import locked, locked_assignment
from advisory.suggestions.rules import handling as rules
from advisory.suggestions.rules import who
from kernel import reasons
from kernel.errors import Invalid, raise_if
from privacy import audit

MOST_OPINION = 4000


def count(assignment, day, days):
    """Begin its limit: so many days from a date on."""
    assignment.counted_from, assignment.days = day, days
    assignment.due_on = limits.limit(day, days)


@transaction.atomic
def assign(*, suggestion, department, role, by, now):
    """Give a filed one to a department, to lead or to assist (Role); its limits begin. Its clerks are told.

    Raises Refused, Conflict, Invalid. Returns the Assignment.
    """
    raise_if(who.why_not_coordinate(suggestion.campaign, by))
    suggestion = locked(suggestion)
    raise_if(rules.why_not_assign(suggestion, department, role))
    campaign = suggestion.campaign
    assignment = Assignment(suggestion=suggestion, department=department, role=role, at=now, by=by)
    assignment.not_ours_by = rules.not_ours_by(assignment)
    days = campaign.reply_days if role == Role.LEAD else campaign.assist_days
    count(assignment, timezone.localdate(now), days)
    assignment.save()
    if role == Role.LEAD:
        agree_to_return(suggestion.assignments.leading())
    what = {"department": department.pk, "role": role, "due": str(assignment.due_on)}
    audit.record("advisory.assign_suggestion", suggestion, by=by, at=now, **what)
    letters.assigned(assignment, now)
    return assignment


def _locked_by_department(assignment, by):
    raise_if(who.why_not_department(assignment, by))
    return locked_assignment(assignment)


@transaction.atomic
def take_up(*, assignment, by, now):
    """Note that the department works on it. Twice is once. Raises Refused, Conflict. Returns the Assignment."""
    assignment = _locked_by_department(assignment, by)
    if assignment.state == AssignmentState.WORKING:
        return assignment
    raise_if(rules.why_not_take_up(assignment))
    assignment.state = AssignmentState.WORKING
    assignment.save(update_fields=["state"])
    _record("advisory.take_up_assignment", assignment, by, now)
    return assignment


def _record(verb, assignment, by, now, **detail):
    detail |= {"department": assignment.department_id}
    audit.record(verb, assignment.suggestion, by=by, at=now, **detail)


@transaction.atomic
def not_ours(*, assignment, words, by, now):
    """Hand it back within the limit, with a reason, to the coordinator alone; nobody else is told.

    Raises Refused, Conflict, Invalid. Returns the Assignment.
    """
    assignment = _locked_by_department(assignment, by)
    if assignment.state == AssignmentState.NOT_OURS:
        return assignment
    raise_if(rules.why_not_hand_back(assignment, now))
    assignment.returned_words = reasons.clean(words, _("请写明为什么不属于本部门。"))
    assignment.state, assignment.returned_at = AssignmentState.NOT_OURS, now
    assignment.save()
    _stop_reply(assignment)
    _record("advisory.hand_back_assignment", assignment, by, now, reason=assignment.returned_words)
    letters.handed_back(assignment, now)
    return assignment


def owe_nothing(suggestion, now):
    """Have no department owe anything of a suggestion any more; what was handed back waits for nobody either."""
    suggestion.assignments.open().update(state=AssignmentState.DONE, done_at=now)
    agree_to_return(suggestion.assignments.all())


def agree_to_return(assignments):
    """Have those of `assignments` that were handed back wait for no decision: others deal with it, or nobody has to."""
    waiting = assignments.filter(state=AssignmentState.NOT_OURS)
    waiting.update(state=AssignmentState.TAKEN_BACK, taken_back_reason=_("已同意退回"))


def _stop_reply(assignment):
    """Have a draft of a department that leads no more not be used."""
    if assignment.is_lead:
        drafts = assignment.suggestion.replies.filter(state__in=UNSIGNED, corrects=None)
        drafts.update(state=ReplyState.DROPPED)


@transaction.atomic
def insist(*, assignment, reason, by, now):
    """Give one that was handed back to the same department after all, with a reason; its limits begin anew.

    Raises Refused, Conflict, Invalid. Returns the Assignment.
    """
    raise_if(who.why_not_coordinate(assignment.suggestion.campaign, by))
    assignment = locked_assignment(assignment)
    raise_if(rules.why_not_insist(assignment))
    assignment.insist_reason = reasons.clean(reason, _("请写明为什么仍由这个部门办。"))
    assignment.state, assignment.insisted_at = AssignmentState.WORKING, now
    count(assignment, timezone.localdate(now), assignment.days)
    assignment.save()
    _record("advisory.insist_on_assignment", assignment, by, now, reason=assignment.insist_reason)
    letters.insisted(assignment, now)
    return assignment


@transaction.atomic
def take_back_assignment(*, assignment, reason, by, now):
    """End an assignment; what the department had drafted is not used. Twice is once.

    Raises Refused, Conflict, Invalid. Returns the Assignment.
    """
    raise_if(who.why_not_coordinate(assignment.suggestion.campaign, by))
    assignment = locked_assignment(assignment)
    if assignment.state == AssignmentState.TAKEN_BACK:
        return assignment
    raise_if(rules.why_not_take_back(assignment))
    assignment.taken_back_reason = reasons.clean(reason, _("请写明收回的原因。"))
    assignment.state = AssignmentState.TAKEN_BACK
    assignment.save()
    _stop_reply(assignment)
    _record(
        "advisory.take_back_assignment", assignment, by, now, reason=assignment.taken_back_reason
    )
    letters.taken_back(assignment, now)
    return assignment


@transaction.atomic
def tell_opinion(*, assignment, text, by, now):
    """Tell the department that leads what an assisting one thinks, signed by `by`; again changes it.

    Raises Refused, Conflict, Invalid. Returns the Assignment.
    """
    assignment = _locked_by_department(assignment, by)
    raise_if(rules.why_not_opinion(assignment))
    text = (text or "").strip()
    if not text:
        raise Invalid("text_missing", _("请写下会办意见。"), field="text")
    if len(text) > MOST_OPINION:
        sentence = _("最多 %(most)s 字。") % {"most": MOST_OPINION}
        raise Invalid("too_long", sentence, field="text")
    assignment.opinion, assignment.opinion_by = text, by
    assignment.state, assignment.done_at = AssignmentState.DONE, now
    assignment.save()
    _record("advisory.tell_opinion", assignment, by, now)
    letters.opinion_told(assignment, now)
    return assignment


# --- more days ------------------------------------------------------------------------------------
@transaction.atomic
def ask_extension(*, assignment, days, reason, by, now):
    """Ask for more days for a reply: once, before its limit ends, at most as many as the campaign says.

    Raises Refused, Conflict, Invalid. Returns the Extension.
    """
    assignment = _locked_by_department(assignment, by)
    raise_if(rules.why_not_extension(assignment, now) or rules.why_not_days(assignment, days))
    extension = Extension.objects.create(
        assignment=assignment,
        days=days,
        reason=reasons.clean(reason, _("请写明为什么要延期。")),
        asked_at=now,
        asked_by=by,
    )
    _record("advisory.ask_extension", assignment, by, now, days=days, reason=extension.reason)
    letters.extension_asked(extension, now)
    return extension


@transaction.atomic
def decide_extension(*, extension, granted, words, by, now):
    """Grant or refuse more days, refusing with words; asked in time it may be granted after the limit as well.

    Raises Refused, Conflict, Invalid. Returns the Extension.
    """
    raise_if(who.why_not_coordinate(extension.assignment.suggestion.campaign, by))
    assignment = locked_assignment(extension.assignment)
    extension = Extension.objects.get(pk=extension.pk)
    extension.assignment = assignment
    raise_if(rules.why_not_decide_extension(extension))
    if granted:
        extension.state, extension.words = ExtensionState.GRANTED, reasons.tidy(words)[:200]
        # A corrected calendar may have moved it later than its days say now.
        before = assignment.due_on
        count(assignment, assignment.counted_from, assignment.days + extension.days)
        assignment.due_on = max(before, assignment.due_on)
        assignment.save()
    else:
        extension.state = ExtensionState.REFUSED
        extension.words = reasons.clean(words, _("请写明为什么不同意延期。"), field="words")
    extension.decided_at, extension.decided_by = now, by
    extension.save()
    verb = "advisory.grant_extension" if granted else "advisory.refuse_extension"
    _record(verb, assignment, by, now, days=extension.days, due=str(assignment.due_on))
    letters.extension_decided(extension, now)
    return extension
