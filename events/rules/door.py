"""Who is let in, and when."""

from django.utils.translation import gettext as _

from events.rules.led import why_not_at_door
from kernel.errors import Conflict, Refused
from kernel.words import moment_text


def why_not_check_in(booking, event, by, at):
    """Say why `by` cannot let her in at the door of `event`: coming earns points, so nobody does it for herself.

    Having come before is no reason: a second scan is answered, and changes nothing.
    """
    if booking.event_id != event.pk:
        return Conflict("wrong_event", _("这是另一场活动的签到码，请核对活动名称和时间。"))
    if by is not None and booking.talent.user_id == by.pk:
        return Refused("own_check_in", _("不能为自己签到，请同事为您签到。"))
    return why_no_seat(booking, event) or why_door_shut(event, at)


def why_no_seat(booking, event):
    """Say to staff at the door why she has no seat."""
    name = {"name": booking.talent.full_name}
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不能签到。"))
    if booking.is_waitlisted:
        sentence = _("%(name)s还在候补第 %(rank)s 位，没有席位。有空位时按候补顺序请她入场。")
        return Conflict("booking_waitlisted", sentence % (name | {"rank": booking.queue_rank()}))
    if booking.is_pending:
        sentence = _("%(name)s的报名还在审核，请先通过，再请她入场。")
        return Conflict("booking_pending", sentence % name)
    if booking.is_offered:
        sentence = _("%(name)s还没有确认席位，请她在手机上点“确认参加”，再请她入场。")
        return Conflict("booking_offered", sentence % name)
    return None if booking.is_seated else _why_ended(booking)


def _why_ended(booking):
    said = {"name": booking.talent.full_name}
    if given := booking.pk and booking.given_seats.filter(undone_at=None).first():
        sentence = _("%(name)s的席位已于 %(when)s 让给现场候补的人。还有空位时，可以请她入场。")
        said["when"] = moment_text(given.given_at)
        return Conflict("seat_given", sentence % said)
    sentence = _("%(name)s的报名已于 %(when)s 取消，请她在手机上重新报名。")
    said["when"] = moment_text(booking.ended_at)
    return Conflict("booking_cancelled", sentence % said)


def why_door_shut(event, at):
    """Say why nobody is let in at this moment: the door is open on the days of the event."""
    if error := why_not_at_door(event):
        return error
    if at < event.door_opens_at():
        sentence = _("还没到签到的日子，活动在 %(when)s 开始，当天可以签到。")
        return Conflict("door_not_open", sentence % {"when": moment_text(event.starts_at)})
    if at >= event.door_closes_at():
        sentence = _("签到已经结束，活动在 %(when)s 结束。")
        return Conflict("door_closed", sentence % {"when": moment_text(event.ends_at)})
    return None


def why_not_undo_check_in(event, at):
    """Say why a check-in cannot be taken back: it can until the day of the event is over."""
    if at >= event.door_closes_at():
        return Conflict("door_closed", _("活动当天已过，签到记录不能再撤销。"))
    return None
