"""Who may hand a seat, or a place in the queue, on to a colleague, until when, and who may take it."""

from django.utils.translation import gettext as _

from events.rules.led import why_not_hand_on_hour
from events.rules.seats import why_not_eligible, why_not_invited
from kernel.errors import Conflict, Refused
from kernel.words import moment_text
from talents.standing import why_not_take_part

HANDED_ON = ("confirmed", "waitlisted")


def why_not_hand_on_for(event, talent, by):
    """Say why `by` may not hand on what is the talent's: that is for herself."""
    if by is None or (talent and talent.user_id == by.pk):
        return None
    return Refused("not_yours", _("只有本人可以转让自己的席位。"))


def why_not_take_for(event, talent, by):
    """Say why `by` may not accept a colleague's seat for the talent: that is for herself."""
    if by is None or (talent and talent.user_id == by.pk):
        return None
    return Refused("not_yours", _("只有本人可以接收转让的席位。"))


def why_not_take_transfer_back(transfer):
    """Say why she cannot take a link back: a colleague was quicker."""
    if transfer.accepted_at:
        return Conflict("transfer_accepted", _("同事已经接收，不能再收回。"))
    return None


def why_not_hand_on(booking, at):
    """Say why a seat, or a place in the queue, cannot be handed on any more."""
    event = booking.event
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，看看其他活动吧。"))
    if booking.state == "handed_on":
        return Conflict("transfer_accepted", _("同事已经接收，您的报名随之结束。"))
    if not _may_still_move(booking):
        return Conflict("nothing_to_hand_on", _("没有可以转让的席位或候补。"))
    if error := why_not_hand_on_hour(event):
        return error
    if event.points_only:
        sentence = _("这个席位是用积分兑换的，不能转让；不能参加请取消报名，积分按规则退回。")
        return Conflict("seat_paid", sentence)
    if event.needs_approval:
        sentence = _("这场活动的报名由主办方审核，不能转让；不能参加请取消报名。")
        return Conflict("approval_needed", sentence)
    if at >= event.transfers_end() or event.has_started(at):
        sentence = _("转让已于 %(when)s 截止；不能参加请取消报名。")
        when = {"when": moment_text(event.transfers_end())}
        return Conflict("transfers_over", sentence % when)
    if booking.is_offered:
        sentence = _("这个席位正等您确认，确认以后才能转让；已经给出的链接届时仍然有效。")
        return Conflict("offer_first", sentence)
    return None


def _as_the_colleague_reads(error):
    if error.code != "offer_first":
        return error
    sentence = _("这个席位正等原来报名的人确认，确认以后才能转让；链接不用换，届时仍然有效。")
    return Conflict("offer_first", sentence)


def _may_still_move(booking):
    return booking.is_offered or booking.state in HANDED_ON


def why_not_take(transfer, talent, hers, at):
    """Say why the talent cannot accept what a colleague hands on; `hers` is her own active booking of the event, or None."""
    booking = transfer.booking
    event = booking.event
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，看看其他活动吧。"))
    if not (transfer.is_standing and _may_still_move(booking)):
        sentence = _("这次转让已经失效：已被收回、已由别人接收，或原来的报名已经结束。")
        return Conflict("transfer_gone", sentence)
    if talent is not None and booking.talent_id == talent.pk:
        return Conflict("own_transfer", _("这是您自己的席位，请把链接发给同事。"))
    if error := why_not_hand_on(booking, at) or why_not_take_part(talent):
        return _as_the_colleague_reads(error)
    if hers is not None and hers.is_seated:
        return Conflict("already_booked", _("您已有这场活动的席位，不用再接收。"))
    return why_not_invited(event, talent) or why_not_eligible(event, talent)


def why_no_seat_for_her():
    """Say that the seat handed on is kept for some, and that none could be had by others moving over (events.seating)."""
    sentence = _("腾出的是保留席位，其他席位都有人，只能由有资格用它的人接收。")
    return Refused("seat_kept", sentence)
