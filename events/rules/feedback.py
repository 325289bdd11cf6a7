"""Feedback: who is asked, who reads it."""

from datetime import timedelta

from django.utils.translation import gettext as _

from events.rules.rights import why_not_see_names
from kernel.errors import Conflict, Refused

ANSWER_FOR = timedelta(days=30)  # after the event's end


def why_not_answer_for(event, talent, by):
    """Say why `by` may not give feedback for the talent: that is for herself."""
    if by is None or (talent and talent.user_id == by.pk):
        return None
    return Refused("not_yours", _("只有到场的人本人可以填写反馈。"))


def why_not_answer(booking, at):
    """Say why she cannot give feedback (any more) on what she booked."""
    return _why_not_asked(booking, at) or _why_not_again(booking)


def _why_not_asked(booking, at):
    event = booking.event
    if event.is_cancelled or booking.state != "attended":
        return Conflict("did_not_come", _("只有到场的人可以填写反馈；记录有误请与主办方联系。"))
    if not event.is_over(at):
        return Conflict("event_not_over", _("活动还没有结束，结束以后再来填写。"))
    if at >= event.ends_at + ANSWER_FOR:
        return Conflict("too_late", _("活动已过去 30 天，反馈已截止，谢谢您的关心。"))
    return None


def _why_not_again(booking):
    if hasattr(booking, "feedback_given"):
        return Conflict("feedback_given", _("您已经填写过反馈，谢谢。"))
    return None


def may_still_answer(booking, at, *, given):
    """Tell whether she is asked for feedback; `given` says whether she has answered (a list asks for all at once)."""
    return not given and _why_not_asked(booking, at) is None


def why_not_read_feedback(event, by):
    """Say why `by` may not read what was said of the event: of a sensitive topic the organiser alone."""
    return why_not_see_names(event, by, "events.view_booking")


def why_not_moderate(event, by):
    """Say why `by` may not take words out of what is read, or put them back."""
    return why_not_see_names(event, by, "events.change_booking")
