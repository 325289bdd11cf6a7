"""Feedback: given once, read in lots, its words taken out of what is read where they hurt somebody."""

from django.db import transaction
from django.utils.translation import gettext as _

from events import rules
from events.models import FEWEST, WORDS_LENGTH, Feedback, FeedbackGiven, Score
from events.operations.locking import lock_event
from kernel import reasons
from kernel.errors import Conflict, Invalid
from privacy import audit


@transaction.atomic
def give_feedback(*, booking, score, helped="", change="", by, now):
    """Keep what she says of the event (`score` 1 to 5, words ≤ 300 characters each), apart from who she is.

    That she has answered is kept with her booking, what she said with the event, and nothing leads from one to the
    other: no time, no order, no actor in the log. So it cannot be changed or taken back, which the page says first.
    Answering again changes nothing, the first answer stands. Raises Refused, what rules.why_not_answer returns,
    Invalid("score_unknown", "text_too_long"). Returns whether it was the first.
    """
    event = lock_event(booking.event, rules.why_not_answer_for, booking.talent, by)
    booking = event.bookings.get(pk=booking.pk)
    booking.event = event
    if error := rules.why_not_answer(booking, now):
        if error.code == "feedback_given":
            return False
        raise error
    if score not in Score.values:
        raise Invalid("score_unknown", _("请选择总体感受。"), field="score")
    words = {"helped": _tidy(helped, "helped"), "change": _tidy(change, "change")}
    FeedbackGiven.objects.create(booking=booking)
    Feedback.objects.create(event=event, score=score, **words)
    _release(event)
    audit.record("events.give_feedback", event, by=None, at=now)
    return True


def _tidy(text, field):
    text = (text or "").strip()
    if len(text) > WORDS_LENGTH:
        sentence = _("请把内容写在 %(most)s 字以内。") % {"most": WORDS_LENGTH}
        raise Invalid("text_too_long", sentence, field=field)
    return text or None


def _release(event):
    """Let a lot be read once it is whole: five answers come out together, so that no one is the newest."""
    waiting = list(Feedback.objects.unread(event).values_list("pk", flat=True))
    if len(waiting) >= FEWEST:
        Feedback.objects.filter(pk__in=waiting).update(released=True)


@transaction.atomic
def hide_feedback(*, feedback, reason, by, now):
    """Take the words of an answer out of what is read; its score counts. `reason` (≤ 200 characters) is kept.

    Doing it twice changes nothing. Raises Refused, what kernel.reasons.clean raises. Returns the Feedback.
    """
    lock_event(feedback.event, rules.why_not_moderate, by)
    feedback = Feedback.objects.select_related("event").get(pk=feedback.pk)
    if feedback.is_hidden:
        return feedback
    feedback.hidden_reason = reasons.clean(reason, _("请写明屏蔽的原因。"))
    feedback.save(update_fields=["hidden_reason"])
    _record("events.hide_feedback", feedback, by, now, reason=feedback.hidden_reason)
    return feedback


@transaction.atomic
def show_feedback(*, feedback, by, now):
    """Put the words back. Raises Refused, Conflict("not_hidden"). Returns the Feedback."""
    lock_event(feedback.event, rules.why_not_moderate, by)
    feedback = Feedback.objects.select_related("event").get(pk=feedback.pk)
    if not feedback.is_hidden:
        raise Conflict("not_hidden", _("这条反馈没有屏蔽。"))
    feedback.hidden_reason = ""
    feedback.save(update_fields=["hidden_reason"])
    _record("events.show_feedback", feedback, by, now)
    return feedback


def _record(verb, feedback, by, now, **more):
    audit.record(verb, feedback.event, by=by, at=now, answer=str(feedback.pk)[:8], **more)
