"""Replies: drafted by one, signed by another, corrected by a version of their own, rated by each author."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from advisory.suggestions import letters
from advisory.suggestions.models import (
    UNSIGNED,
    Assignment,
    AssignmentState,
    Rating,
    Reply,
    ReplyState,
    SuggestionState,
)
from advisory.suggestions.operations.assigning import count, owe_nothing
from advisory.suggestions.operations.locking import locked, locked_reply
from advisory.suggestions.rules import replies as rules
from advisory.suggestions.rules import who
from advisory.suggestions.rules.handling import why_not_state
from kernel import content, reasons
from kernel.errors import raise_if
from places.holidays import or_next_working_day
from privacy import audit


def _fill(reply, values):
    """Write what was typed; a second reply promised for a rest day is due on the next working day."""
    reply.answer, reply.text = values["answer"], values["text"].strip()
    second_on = values.get("second_on")
    reply.second_on = second_on and or_next_working_day(second_on)


@transaction.atomic
def save_reply(*, suggestion, reply, values, by, now):
    """Begin (reply None) or change a draft: `answer` (AnswerClass), `text`, `second_on` with B and C. `by` drafted it then.

    The department's assignment counts as taken up. Raises Refused, Conflict, Invalid. Returns the Reply.
    """
    raise_if(who.why_not_lead(suggestion, by))
    suggestion = locked(suggestion)
    raise_if(who.why_not_lead(suggestion, by))  # it may have lost it meanwhile
    if reply is None:
        raise_if(who.why_not_lead_open(suggestion) or rules.why_not_draft(suggestion, by))
        round_, number = rules.next_of(suggestion)
        reply = Reply(
            suggestion=suggestion,
            round=round_,
            number=number,
            not_by_id=rules.drafter_before(suggestion),
        )
    else:
        reply = locked_reply(reply)
        raise_if(rules.why_not_edit(reply) or rules.why_not_drafter(suggestion, by))
    raise_if(rules.why_not_values(values, now))
    _fill(reply, values)
    reply.drafted_at, reply.drafted_by = now, by or reply.drafted_by
    reply.save()
    rows = suggestion.assignments.leading().filter(state=AssignmentState.WAITING)
    rows.update(state=AssignmentState.WORKING)
    audit.record("advisory.draft_reply", suggestion, by=by, at=now, reply=reply.pk)
    return reply


def _locked_by_lead(reply, by, right=who.RUN):
    raise_if(who.why_not_lead(reply.suggestion, by, right))
    reply = locked_reply(reply)
    raise_if(who.why_not_lead(reply.suggestion, by, right))  # it may have lost it meanwhile
    return reply


@transaction.atomic
def hand_in_reply(*, reply, by, now):
    """Give it to be signed. Twice is once. Raises Refused, Conflict. Returns the Reply."""
    reply = _locked_by_lead(reply, by)
    if reply.state == ReplyState.HANDED_IN:
        return reply
    raise_if(rules.why_not_hand_in(reply))
    reply.state, reply.handed_in_at = ReplyState.HANDED_IN, now
    reply.save()
    audit.record("advisory.hand_in_reply", reply.suggestion, by=by, at=now, reply=reply.pk)
    letters.handed_in(reply, now)
    return reply


@transaction.atomic
def send_back_reply(*, reply, words, by, now):
    """Give it back to be changed. Raises Refused, Conflict, Invalid without words. Returns the Reply."""
    reply = _locked_by_lead(reply, by, who.SIGN)
    raise_if(rules.why_not_send_back(reply))
    reply.back_words = reasons.clean(words, _("请写明要怎样修改。"))
    reply.state = ReplyState.SENT_BACK
    reply.save()
    audit.record("advisory.send_back_reply", reply.suggestion, by=by, at=now, reply=reply.pk)
    letters.reply_sent_back(reply, now)
    return reply


@transaction.atomic
def sign_reply(*, reply, kept_back_reason, by, now):
    """Sign a reply: each author and co-signer is told, what was due is done. With a reason it is not published.

    Twice is once. Raises Refused, Conflict, Invalid. Returns the Reply.
    """
    reply = _locked_by_lead(reply, by, who.SIGN)
    if reply.state == ReplyState.SIGNED:
        return reply
    raise_if(rules.why_not_sign(reply, by, now))
    reply.kept_back_reason = _kept_back(kept_back_reason)
    if corrected := reply.corrects:
        corrected.state = ReplyState.REPLACED
        corrected.save(update_fields=["state"])
    reply.state, reply.signed_at, reply.signed_by = ReplyState.SIGNED, now, by
    reply.due_on = _due_on(reply)
    reply.save()
    suggestion = reply.suggestion
    if not corrected or suggestion.answered_at == corrected.signed_at:
        _answer(suggestion, reply, now)
    audit.record(
        "advisory.sign_reply",
        suggestion,
        by=by,
        at=now,
        reply=reply.pk,
        answer=reply.answer,
        kept_back=bool(reply.kept_back_reason),
    )
    letters.answered(reply, now)
    content.touch()
    return reply


def _due_on(reply):
    """Return by when a reply was due: its lead's limit is counted anew where it is answered anew."""
    if reply.corrects:
        return reply.corrects.due_on
    if reply.number:
        return reply.suggestion.second_on
    lead = lead_assignment(reply.suggestion)
    return lead.due_on if lead else None


def _kept_back(reason):
    """Return why a reply is not published, "" where it is."""
    if not (reason or "").strip():
        return ""
    return reasons.clean(reason, _("请写明不公开的原因。"))


def _answer(suggestion, reply, now):
    """Have the suggestion say what its newest reply comes to; whoever owed it is done."""
    suggestion.answer, suggestion.second_on = reply.answer, reply.second_on
    suggestion.answered_at = now
    # A correction may promise a second reply where all seemed said.
    suggestion.state, suggestion.ended_at = SuggestionState.ANSWERED, None
    suggestion.second_reminded_on = None
    suggestion.save()
    owe_nothing(suggestion, now)  # those who assist do not either


@transaction.atomic
def keep_back_reply(*, reply, reason, by, now):
    """Say that a signed reply is not published and why, or with "" that it is. Raises Refused, Conflict. Returns the Reply."""
    raise_if(who.why_not_lead_or_coordinate(reply.suggestion, by, who.SIGN))
    reply = locked_reply(reply)
    raise_if(rules.why_not_keep_back(reply))
    reason = _kept_back(reason)
    if reason != reply.kept_back_reason:
        reply.kept_back_reason = reason
        reply.save(update_fields=["kept_back_reason"])
        verb = "advisory.keep_back_reply" if reason else "advisory.publish_reply"
        audit.record(verb, reply.suggestion, by=by, at=now, reply=reply.pk, reason=reason)
        content.touch()
    return reply


@transaction.atomic
def correct_reply(*, reply, reason, values, by, now):
    """Begin a corrected version of a signed reply: the old one stands until the new one is signed, and is kept.

    Raises Refused, Conflict, Invalid. Returns the new Reply.
    """
    reply = _locked_by_lead(reply, by)
    raise_if(rules.why_not_correct(reply) or rules.why_not_values(values, now))
    new = Reply(
        suggestion=reply.suggestion,
        round=reply.round,
        number=reply.number,
        corrects=reply,
        correct_reason=reasons.clean(reason, _("请写明更正的原因，她会看到。")),
        drafted_at=now,
        drafted_by=by,
        not_by_id=reply.not_by_id,
    )
    raise_if(rules.why_not_drafter(reply.suggestion, by) if reply.round == 2 else None)
    _fill(new, values)
    new.save()
    audit.record("advisory.correct_reply", reply.suggestion, by=by, at=now, reply=new.pk)
    return new


@transaction.atomic
def drop_reply(*, reply, by, now):
    """Have an unsigned one not be used. Twice is once. Raises Refused, Conflict. Returns the Reply."""
    reply = _locked_by_lead(reply, by)
    if reply.state == ReplyState.DROPPED:
        return reply
    raise_if(rules.why_not_drop(reply))
    reply.state = ReplyState.DROPPED
    reply.save(update_fields=["state"])
    audit.record("advisory.drop_reply", reply.suggestion, by=by, at=now, reply=reply.pk)
    return reply


# --- rating ---------------------------------------------------------------------------------------
@transaction.atomic
def rate(*, reply, verdict, words, by, now):
    """Take what an author thinks of a reply (Verdict); "not", the first time, has it answered anew by another drafter.

    Raises Refused for anybody else, Conflict the second time or too late, Invalid. Returns the Rating.
    """
    raise_if(rules.why_not_her_reply(reply, by))
    reply = locked_reply(reply)
    raise_if(rules.why_not_rate(reply, by, now) or rules.why_not_verdict(verdict, words))
    anew = rules.reopens(reply, verdict)
    try:
        with transaction.atomic():
            rating = Rating.objects.create(
                reply=reply,
                author=rules.author_of(reply, by),
                verdict=verdict,
                words=(words or "").strip()[:1000] or None,
                at=now,
                reopens=anew,
            )
    except IntegrityError as error:
        raise rules.why_not_rate(reply, by, now) from error
    audit.record("advisory.rate_reply", reply.suggestion, by=None, at=now, verdict=verdict)
    if anew:
        _reopen(reply.suggestion, now)
    return rating


def _reopen(suggestion, now):
    """Have the department that leads answer anew within the campaign's days; what was begun before is not used."""
    suggestion.replies.filter(state__in=UNSIGNED).update(state=ReplyState.DROPPED)
    suggestion.state, suggestion.reopened_at = SuggestionState.FILED, now
    suggestion.second_on = None
    suggestion.save()
    lead = who.lead_of(suggestion)
    if lead is not None:
        lead.suggestion = suggestion
        lead.state, lead.done_at = AssignmentState.WORKING, None
        count(lead, timezone.localdate(now), suggestion.campaign.redo_days)
        lead.save()
    letters.reopened(suggestion, lead, now)


# --- the end --------------------------------------------------------------------------------------
@transaction.atomic
def end_suggestion(*, suggestion, now):
    """Close one that was answered for good, once nobody can ask for it anew any more (the clock)."""
    suggestion = locked(suggestion)
    if why_not_state(suggestion, SuggestionState.ANSWERED) or suggestion.second_on:
        return
    if now <= suggestion.answered_at + rules.RATE_WITHIN:
        return
    suggestion.state, suggestion.ended_at = SuggestionState.CLOSED, now
    suggestion.save()
    audit.record("advisory.end_suggestion", suggestion, by=None, at=now)


def lead_assignment(suggestion):
    """Return the Assignment of the department that leads or led, the newest; None where none ever did."""
    return Assignment.objects.filter(suggestion=suggestion).leading().order_by("-pk").first()
