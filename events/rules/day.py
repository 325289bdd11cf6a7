"""In and out of the door: when a scan counts as made, who left, what is put right afterwards."""

from django.utils.translation import gettext as _

from events import minutes
from events.rules import after, door
from kernel.errors import Conflict, Invalid, Refused


def moment_of(at, now):
    """Return when a scan that a phone kept counts as made: at `at`, or `now` where that is still to come.

    However long ago, it stays when it was: a scan the door refused the day before is refused when it is sent again.
    """
    return now if at is None else min(at, now)


def why_not_check_out(booking, event, by, at):
    """Say why `by` cannot note at the door of `event` that she left at `at`."""
    if error := door.why_not_check_in(booking, event, by, at):
        return error
    if _came_by(booking, at):
        return None
    sentence = _("%(name)s今天没有签到记录。确实在场的，请先签到，再签退。")
    return Conflict("not_inside", sentence % {"name": booking.talent.full_name})


def why_not_leave(booking, at):
    """Say to her why she cannot check herself out."""
    if _came_by(booking, at):
        return None
    return Conflict("not_inside", _("您今天还没有签到。确实在场的，请到签到台办理。"))


def _came_by(booking, at):
    times = minutes.times_noted(booking)
    return any(came <= at and minutes.day_of(came) == minutes.day_of(at) for came, _left in times)


def why_not_correct_times(booking, by, at):
    """Say why `by` cannot put right when she was inside: never for herself, within a year."""
    event = booking.event
    if by is not None and booking.talent.user_id == by.pk:
        return Refused("own_check_in", _("不能更正自己的进出时间，请同事办理。"))
    if booking.checked_in_at is None:
        return Conflict("not_attended", _("她没有签到，没有进出时间可以更正；请先签到或更正到场。"))
    if event.is_cancelled or at < event.door_opens_at():
        return Conflict("door_not_open", _("活动还没有举行，没有进出时间可以更正。"))
    if at >= event.ends_at + after.CORRECT_FOR:
        return Conflict("too_late", _("活动已过去一年，进出时间不能再更正。"))
    return None


def why_not_times(event, times, at):
    """Say why `times` [(came, left)] cannot be when she was inside."""
    if not times:
        return Invalid(
            "times_missing", _("请填写进出时间，每行一段，如 14:00-15:30。"), field="times"
        )
    for came, left in times:
        if left <= came:
            return Invalid("times_reversed", _("离场时间要晚于进场时间，请修改。"), field="times")
        if left > at:
            return Invalid("times_in_future", _("离场时间还没有到，请修改。"), field="times")
        if came < event.door_opens_at() or left > event.door_closes_at():
            return Invalid("times_outside", _("时间不在活动举行的日子里，请修改。"), field="times")
    return None
