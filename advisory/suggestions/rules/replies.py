"""Replies, and what authors think of them."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from advisory.suggestions.models import (
    SECOND_REPLY,
    AnswerClass,
    Authorship,
    Rating,
    Reply,
    ReplyState,
    SuggestionState,
    Verdict,
)
from advisory.suggestions.rules.handling import why_not_state
from advisory.suggestions.rules.who import why_moved_on, why_not_oneself
from kernel.errors import Conflict, Invalid, Refused

MOST_TEXT, LEAST_TEXT = 6000, 10
RATE_WITHIN = timedelta(days=30)
State = SuggestionState


# --- drafting -------------------------------------------------------------------------------------
def next_of(suggestion):
    """Return (round, number) of the reply that is written next."""
    round_ = 2 if suggestion.reopened_at else 1
    signed = Reply.objects.filter(suggestion=suggestion, round=round_).signed()
    last = signed.order_by("-number").values_list("number", flat=True).first()
    return round_, 0 if last is None else last + 1


def drafter_before(suggestion):
    """Return who drafted what an author was not satisfied with (a user's number), None in the first round."""
    if suggestion.reopened_at is None:
        return None
    first = Reply.objects.filter(suggestion=suggestion, round=1).signed().order_by("-number")
    return first.values_list("drafted_by", flat=True).first()


def why_not_reply(suggestion):
    """Say why nothing can be replied: taken back, not filed, or answered for good."""
    if suggestion.state == State.ANSWERED and suggestion.second_on:
        return None
    return why_not_state(suggestion, State.FILED)


def why_not_draft(suggestion, by):
    """Say why `by` cannot draft a reply: nothing to reply, one is at work, or she drafted the one before."""
    if error := why_not_reply(suggestion) or why_not_drafter(suggestion, by):
        return error
    if suggestion.replies.unsigned().exists():
        return Conflict("at_work", _("已有一份答复在起草，请接着改那一份。"))
    return None


def why_not_drafter(suggestion, by):
    """Say that who drafted what an author was not satisfied with does not draft again."""
    before = drafter_before(suggestion)
    if by is None or before is None or by.pk != before:
        return None
    sentence = _("上一轮答复是您起草的，本人不满意，请由另一位同事重新起草。")
    return Refused("same_drafter", sentence)


def why_not_values(values, now):
    """Say what is wrong with a reply as it was typed."""
    if values.get("answer") not in AnswerClass.values:
        return Invalid("answer_missing", _("请选择答复类别。"), field="answer")
    length = len((values.get("text") or "").strip())
    if length < LEAST_TEXT:
        return Invalid("text_missing", _("请写出答复的内容。"), field="text")
    if length > MOST_TEXT:
        return Invalid("too_long", _("最多 %(most)s 字。") % {"most": MOST_TEXT}, field="text")
    return _why_not_second(values["answer"], values.get("second_on"), now)


def _why_not_second(answer, second_on, now):
    if answer not in SECOND_REPLY:
        if second_on is None:
            return None
        sentence = _("A 类、D 类是最后的答复，不填再次答复日期。")
        return Invalid("second_on", sentence, field="second_on")
    if second_on is None:
        sentence = _("B 类、C 类须写明什么时候再次答复。")
        return Invalid("second_on_missing", sentence, field="second_on")
    if second_on <= timezone.localdate(now):
        sentence = _("再次答复日期须在今天以后。")
        return Invalid("second_on_past", sentence, field="second_on")
    return None


def why_not_edit(reply):
    """Say why a reply cannot be changed: it waits for a signature, or is signed."""
    if reply.state in (ReplyState.DRAFT, ReplyState.SENT_BACK):
        return _why_not_go_on(reply)
    if reply.state == ReplyState.HANDED_IN:
        return Conflict("handed_in", _("已经送签，退回以后才能改。"))
    return Conflict("signed", _("已经签发，不能再改；有错请用“更正”。"))


def _why_not_go_on(reply):
    """Say why no reply is wanted any more: what it answers was taken back; of a correction, that all is answered anew."""
    if not reply.corrects_id:
        return why_not_reply(reply.suggestion)
    return why_answered_anew(reply.suggestion)


def why_answered_anew(suggestion):
    """Say that a suggestion is being answered anew: what was wrong in the reply before is put right in the new one."""
    if suggestion.state != State.FILED:
        return None
    return Conflict("answered_anew", _("正在重新办理，请把要更正的写进新的答复。"))


def why_not_hand_in(reply):
    """Say why a reply cannot be given to be signed."""
    return why_not_edit(reply)


def why_not_sign(reply, by, now):
    """Say why `by` cannot sign: nothing was handed in, she drafted it or it answers her, or its date has passed meanwhile."""
    if reply.state != ReplyState.HANDED_IN:
        return why_moved_on()
    if error := _why_not_go_on(reply):
        return error
    if by is not None and reply.drafted_by_id == by.pk:
        return Refused("own_draft", _("自己起草的答复不能自己签发，请由另一位负责人签发。"))
    if error := why_not_oneself(reply.suggestion, by):
        return error
    if reply.second_on and reply.second_on <= timezone.localdate(now):
        sentence = _("再次答复日期已经过了，请退回修改。")
        return Conflict("second_on_past", sentence)
    return None


def why_not_send_back(reply):
    """Say why a reply cannot be given back: it does not wait."""
    return None if reply.state == ReplyState.HANDED_IN else why_moved_on()


def why_not_drop(reply):
    """Say why a reply cannot be thrown away: it is signed."""
    return None if reply.at_work else why_moved_on()


def why_not_correct(reply):
    """Say why a reply cannot be corrected: it does not stand, or another is at work."""
    if reply.state != ReplyState.SIGNED:
        return Conflict("not_signed", _("只有签发了的答复可以更正。"))
    if error := why_answered_anew(reply.suggestion):
        return error
    if reply.suggestion.replies.unsigned().exists():
        return Conflict("at_work", _("已有一份答复在起草，请接着改那一份。"))
    return None


def why_not_keep_back(reply):
    """Say why it cannot be said whether a reply is published: it is not signed."""
    return None if reply.state == ReplyState.SIGNED else why_moved_on()


# --- rating ---------------------------------------------------------------------------------------
def author_of(reply, user):
    """Return the Authorship by which a reply is `user`'s to rate, or None."""
    hers = Authorship.objects.of(reply.suggestion).filter(user=user)
    return hers.order_by("pk").first()


def why_not_her_reply(reply, user):
    """Say that a reply was not given to somebody."""
    if user is not None and author_of(reply, user) is not None:
        return None
    return Refused("not_yours", _("只有写这件建言的本人可以评价。"))


def why_not_rate(reply, user, now):
    """Say why somebody cannot rate a reply: not to her, once before, or long ago."""
    if error := why_not_her_reply(reply, user):
        return error
    author = author_of(reply, user)
    if reply.state != ReplyState.SIGNED:
        return Conflict("not_signed", _("答复更正了，请评价新的答复。"))
    if Rating.objects.filter(reply=reply, author=author).exists():
        return Conflict("rated", _("您已经评价过，谢谢您。"))
    if now > reply.signed_at + RATE_WITHIN:
        return Conflict("too_late", _("答复后 30 天内可以评价，现在已经过了。"))
    return None


def why_not_verdict(verdict, words):
    """Say that a verdict is none, or that who is not satisfied has to say with what."""
    if verdict not in Verdict.values:
        return Invalid("verdict", _("请选择一项。"), field="verdict")
    if verdict == Verdict.NOT and not (words or "").strip():
        return Invalid("words_missing", _("请写下哪里不满意，重新办理时会看到。"), field="words")
    return None


def reopens(reply, verdict):
    """Tell whether a verdict has it answered anew: the first time an author is not satisfied with a newest reply."""
    suggestion = reply.suggestion
    return (
        verdict == Verdict.NOT
        and suggestion.state == State.ANSWERED
        and suggestion.reopened_at is None
        and suggestion.answered_at == reply.signed_at
    )
