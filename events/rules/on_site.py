"""On site: who gets a free seat, whose late seat is given on, who checks herself in."""

from datetime import timedelta

from django.utils.translation import gettext as _

from events.rules import door, seats
from events.rules.after import CORRECT_FOR
from events.rules.led import why_not_at_door
from events.rules.rights import why_not_see_names
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import moment_text

JOIN_BEFORE = timedelta(minutes=30)  # the start; earlier, a link is passed on rather than used
LATE = timedelta(minutes=15)  # after the start, until a seat may be given on


def why_not_register(event, talent, by):
    """Say why `by` may not register the talent at the door: it takes a booking and a check-in, never her own."""
    return (
        why_not_let_in_herself(talent, by)
        or why_not_see_names(event, by, "events.check_in_booking")
        or why_not_see_names(event, by, "events.change_booking")
    )


def why_not_let_in_herself(talent, by):
    """Say why `by` may not let the talent in who has no seat: it is she."""
    if by is not None and talent.user_id == by.pk:
        return Refused("own_check_in", _("不能为自己登记入场，请同事办理。"))
    return None


def why_not_walk_in(event, talent, at):
    """Say why a woman who has not booked cannot be registered at the door now."""
    if event.is_cancelled or not event.is_published:
        return seats.why_not_open(event, at)
    return door.why_door_shut(event, at) or seats.why_not_book_for(event, talent, at)


def why_not_admit(booking, event, by, at):
    """Say why one who waits cannot have a seat at the door now: none is free, or another is before her."""
    if error := why_not_let_in_herself(booking.talent, by) or door.why_door_shut(event, at):
        return error
    if not booking.is_waitlisted:
        return door.why_no_seat(booking, event)
    first = waiting_here(event).first()
    if first and first.place < booking.place:
        sentence = _("现场候补的%(name)s排在前面，请先请她入场。")
        return Conflict("not_first", sentence % {"name": first.talent.full_name})
    if free_seats(event, at) < 1:
        sentence = _("现在没有空位，已记下%(name)s在现场候补。")
        return Conflict("no_free_seat", sentence % {"name": booking.talent.full_name})
    return None


def free_seats(event, at):
    """Return the seats that are nobody's and whoever is on site may have."""
    return event.seats_free + event.kept - kept_seats(event, at)


def kept_seats(event, at):
    """Return the free seats still kept for some: a while after the start, like those of the late, they are anybody's."""
    return event.kept if at < event.starts_at + LATE else 0


def waiting_here(event):
    """Return the bookings of those who wait on site, in the order of the queue."""
    here = event.bookings.in_queue().filter(
        passages__way="here", passages__taken_back_at=None, passages__replaced_by=None
    )
    return here.select_related("talent__user").distinct()


def late(event, at):
    """Return the bookings whose seats may be given on: not here a while after the start, who booked last first."""
    if at < event.starts_at + LATE:
        return event.bookings.none()
    rows = event.bookings.filter(state="confirmed").select_related("talent__user")
    return rows.order_by("-place")


def why_not_give_late_seats(event, at):
    """Say why no seat can be given on now."""
    if error := door.why_door_shut(event, at):
        return error
    if at < event.starts_at + LATE:
        sentence = _("活动开始 %(minutes)s 分钟后，没有到的人的席位才能让出。")
        return Conflict("too_early", sentence % {"minutes": LATE // timedelta(minutes=1)})
    if not waiting_here(event).exists():
        return Conflict("nobody_here", _("没有人在现场候补，不用让出席位。"))
    if not (late(event, at).exists() or free_seats(event, at) > 0):
        return Conflict("nobody_late", _("有席位的人都到了，没有席位可以让出。"))
    return None


# --- she herself -----------------------------------------------------------------------------------
def why_not_herself(event, talent, by):
    """Say why `by` may not check the talent in by the code on the screen: it is for herself."""
    if talent is not None and (by is None or talent.user_id == by.pk):
        return None
    return Refused("not_yours", _("请用您自己的账号登录后签到；没有账号的，请到签到台办理。"))


def why_not_join(booking, event, at):
    """Say why the link of an online event is not shown to her: it is for those with a seat, shortly before and during."""
    if not (booking.is_seated and event.online_url) or event.is_cancelled:
        return Refused("no_seat", _("报名成功后才能进入线上会议。"))
    if at < event.starts_at - JOIN_BEFORE:
        when = moment_text(event.starts_at - JOIN_BEFORE)
        return Conflict("too_early", _("线上会议 %(when)s 起可以进入。") % {"when": when})
    if event.is_over(at):
        return Conflict("event_over", _("活动已结束，看看其他活动吧。"))
    return None


def why_not_check_in_herself(booking, event, at):
    """Say to her why she cannot check herself in, and what to do; `booking` is hers or None."""
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，看看其他活动吧。"))
    if error := door.why_door_shut(event, at):
        return error
    if booking is None:
        sentence = _("您没有这场活动的席位。请到签到台，有空位时工作人员会为您登记。")
        return Conflict("no_booking", sentence)
    if booking.is_pending:
        return Conflict("booking_pending", _("您的报名还在审核，请到签到台找工作人员。"))
    if booking.is_offered:
        sentence = _("席位正为您保留，请先在活动页面点“确认参加”，再回来签到。")
        return Conflict("booking_offered", sentence)
    return None


def why_not_apply_list(event, at):
    """Say why a meeting tool's list cannot be applied, or undone: from the start on, for a year."""
    if event.is_cancelled or not event.has_started(at):
        return Conflict("not_begun", _("活动还没有开始，没有名单可以登记。"))
    if at >= event.ends_at + CORRECT_FOR:
        return Conflict("too_late", _("活动已过去一年，到场情况不能再更正。"))
    return why_not_at_door(event)


def why_not_word(word):
    """Say why a word cannot be the one said at an event."""
    if not 2 <= len(word) <= 20:
        return Invalid("word_length", _("口令为 2 到 20 个字，如“两江春早”。"), field="word")
    return None
