"""What a Care Station's desk does with a voucher."""

from django.db import transaction
from django.utils.translation import gettext as _

from care_points import letters, tallies
from care_points.models import CareStation, Redemption, RedemptionState
from care_points.operations.appointments import at_its_desk
from kernel import days, ids, reasons
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import moment_text
from privacy import audit, limits


def why_not_find(by, at):
    """Return why `by` cannot look a voucher up by its code at the moment `at`, as a DomainError, else None.

    Codes that were none count with all she looked up in the last hour and did not find (privacy.limits).
    """
    if not CareStation.objects.operated_by(by).exists():
        sentence = _("您还不是加油站的核销人员，请联系积分管理员开通。")
        return Refused("not_an_operator", sentence)
    if limits.why_not_look_up(by, at):
        sentence = _("一小时内输错的兑换码太多，请一小时后再试，或请同事核销。")
        return Refused("too_many_lookups", sentence)
    return None


def find_voucher(*, code, by, now):
    """Return the Redemption with the typed `code` that `by` may fulfil at her station's desk.

    A voucher of another station is answered like an unknown code. A code that is none stays counted. Raises what
    `why_not_find` returns, Invalid("voucher_unknown").
    """
    if error := why_not_find(by, now):
        raise error
    vouchers = Redemption.objects.filter(
        code=ids.tidy(code), station__in=CareStation.objects.operated_by(by)
    )
    voucher = vouchers.select_related("talent", "station", "fulfilled_by", "appointment").first()
    if voucher is None:
        limits.count_miss(by=by, now=now, action="care_points.mistype_voucher")
        raise Invalid(
            "voucher_unknown",
            _("没有找到可在本站使用的兑换码，请核对 10 位编码，或请对方打开兑换页再看一次。"),
            field="code",
        )
    return voucher


def why_not_fulfil(voucher, by, at):
    """Return why `by` cannot take the voucher at the moment `at`, as a DomainError, else None.

    Nobody takes her own (`by` None asks of the voucher alone). It says whether the voucher was used, cancelled or not used in time, and when.
    """
    if by is not None and voucher.talent.user_id == by.pk:
        sentence = _("不能核销您本人的兑换码，请本站的同事核销。")
        return Refused("own_voucher", sentence, field="code")
    if voucher.by_event:
        sentence = _("这是活动席位，请在活动现场签到，不在加油站核销。")
        return Conflict("seat_by_event", sentence, field="code")
    if voucher.state == RedemptionState.FULFILLED:
        sentence, when = _("这张兑换码已于 %(when)s 核销，不能再次使用。"), voucher.fulfilled_at
        return _unusable("already_fulfilled", sentence, when)
    if voucher.state == RedemptionState.CANCELLED:
        sentence = _("这张兑换码已于 %(when)s 取消，积分已退回本人，不能使用。")
        return _unusable("voucher_cancelled", sentence, voucher.ended_at)
    if voucher.state == RedemptionState.EXPIRED:
        sentence = _("这张兑换码已于 %(when)s 过期，积分已退回本人，可重新兑换。")
        return _unusable("voucher_expired", sentence, voucher.expires_at)
    if voucher.state == RedemptionState.NO_SHOW:
        sentence = _("这次预约已于 %(when)s 登记为未到；如有误，请积分管理员更正。")
        return _unusable("marked_absent", sentence, voucher.ended_at)
    if voucher.state == RedemptionState.FORFEITED:
        sentence = _("这次预约已由本人于 %(when)s 取消，不能使用。")
        return _unusable("voucher_cancelled", sentence, voucher.ended_at)
    if hasattr(voucher, "appointment") and at < days.midnight(voucher.appointment.starts_at):
        sentence = _("这次预约的时间是 %(when)s，当天才能核销。")
        return _unusable("not_today", sentence, voucher.appointment.starts_at)
    if at > voucher.expires_at:
        sentence = _("这张兑换码已于 %(when)s 过期，积分会自动退回本人，可重新兑换。")
        return _unusable("voucher_expired", sentence, voucher.expires_at)
    return None


def _unusable(code, sentence, when):
    return Conflict(code, sentence % {"when": moment_text(when)}, field="code")


def fulfil(*, code, by, now):
    """Mark the voucher used at the station's desk; returns the Redemption.

    Only an operator of that station or a points clerk. Raises what `find_voucher` raises and what
    `why_not_fulfil` returns: a second time is refused and says when the first was.
    """
    return _fulfil(find_voucher(code=code, by=by, now=now), by, now)


@transaction.atomic
def _fulfil(voucher, by, now):
    locked = Redemption.objects.select_for_update(of=("self",))
    voucher = locked.select_related("talent__user", "station", "appointment").get(pk=voucher.pk)
    if error := why_not_fulfil(voucher, by, now):
        raise error
    voucher.state = RedemptionState.FULFILLED
    voucher.fulfilled_by, voucher.fulfilled_at = by, now
    voucher.save(update_fields=["state", "fulfilled_by", "fulfilled_at"])
    tallies.used(voucher, now)
    audit.record("care_points.fulfil", voucher, by=by, at=now)
    letters.overtake(voucher, now)
    letters.send(letters.fulfilled(voucher), now)
    return voucher


def why_not_undo(voucher, by, at):
    """Return why `by` cannot take a fulfilment back, as a DomainError, else None: at its desk, on the same day."""
    if not at_its_desk(voucher, by):
        return Refused("not_an_operator", _("您还不是加油站的核销人员，请联系积分管理员开通。"))
    if by is not None and voucher.talent and voucher.talent.user_id == by.pk:
        return Refused("own_voucher", _("不能撤回您本人的核销，请本站的同事办理。"))
    if voucher.state != RedemptionState.FULFILLED:
        return Conflict("not_fulfilled", _("这张兑换码没有核销，不用撤回。"))
    if voucher.fulfilled_at < days.midnight(at):
        return Conflict("not_today", _("只能撤回当天的核销；以前的请联系积分管理员。"))
    return None


@transaction.atomic
def undo_fulfilment(*, voucher, reason, by, now):
    """Take a wrong fulfilment of today back: the voucher can be used again; she is told. Returns the Redemption.

    Raises what `why_not_undo` returns and kernel.reasons.clean raises.
    """
    rows = Redemption.objects.select_related("talent__user", "station")
    if error := why_not_undo(rows.get(pk=voucher.pk), by, now):
        raise error
    reason = reasons.clean(reason, _("请写明撤回的原因。"))
    voucher = rows.select_for_update(of=("self",)).get(pk=voucher.pk)
    if error := why_not_undo(voucher, by, now):
        raise error
    tallies.unused(voucher)
    voucher.state, voucher.fulfilled_by, voucher.fulfilled_at = RedemptionState.RESERVED, None, None
    voucher.save(update_fields=["state", "fulfilled_by", "fulfilled_at"])
    audit.record("care_points.undo_fulfilment", voucher, by=by, at=now, reason=reason)
    letters.overtake(voucher, now)
    letters.send(letters.unused_again(voucher, now), now)
    return voucher
