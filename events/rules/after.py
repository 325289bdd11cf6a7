"""What can still be said of an event that is over."""

from datetime import timedelta

from django.utils.translation import gettext as _

from events.rules.led import why_not_at_door
from kernel.errors import Conflict, Refused

EXPLAIN_FOR = timedelta(days=30)
CORRECT_FOR = timedelta(days=365)


def why_not_settle(event, at):
    """Say why it cannot be noted yet who was absent: the door has to be closed."""
    if event.is_cancelled or not event.is_published:
        return Conflict("event_not_on", _("活动没有举行，没有到场情况可以核定。"))
    if at < event.door_closes_at():
        return Conflict("door_open", _("活动当天还没有过，到场情况要到次日零点才能核定。"))
    return None


def why_not_correct(booking, by, at):
    """Say why `by` cannot correct whether she came: coming earns points, so nobody does it for herself."""
    event = booking.event
    if by is not None and booking.talent.user_id == by.pk:
        return Refused("own_check_in", _("不能更正自己的到场情况，请同事办理。"))
    if event.is_cancelled or event.settled_at is None:
        return Conflict("not_settled", _("到场情况还没有核定，请在签到页面办理。"))
    if booking.state not in ("attended", "absent", "excused"):
        return Conflict("no_seat", _("她没有席位，没有到场情况可以更正。"))
    if at >= event.ends_at + CORRECT_FOR:
        return Conflict("too_late", _("活动已过去一年，到场情况不能再更正。"))
    if error := why_not_at_door(event):
        return error
    return None


def why_not_explain(booking, at):
    """Say why she cannot say any more why she did not come."""
    if booking.state != "absent" or booking.event.is_cancelled:
        return Conflict("not_absent", _("这次活动没有记为未到场，不用说明。"))
    if at >= booking.event.ends_at + EXPLAIN_FOR:
        return Conflict("too_late", _("活动已过去 30 天，不能再说明；如有疑问请与主办方联系。"))
    return None
