"""What the station's desk does with a voucher."""

from django.db import transaction
from django.utils.translation import gettext as _

from care_points import letters
from care_points.models import (
    CareStation,
    Redemption,
    RedemptionState,
)
from kernel import ids
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import moment_text
from privacy import audit


def find_voucher(*, code, by):
    """Return the redemption with the typed `code` that `by` may fulfil at her station's desk.

    A voucher of another station is answered like an unknown code.
    """
    if not CareStation.objects.operated_by(by).exists():
        raise Refused("not_an_operator", _("您还不是加油站的核销人员，请联系积分管理员开通。"))
    found = Redemption.objects.filter(
        code=ids.tidy(code), service__station__in=CareStation.objects.operated_by(by)
    )
    redemption = found.select_related("talent", "service__station", "fulfilled_by").first()
    if redemption is None:
        raise Invalid(
            "voucher_unknown",
            _("没有找到可在本站使用的兑换码，请核对 10 位编码，或请对方打开兑换页再看一次。"),
            field="code",
        )
    return redemption


def require_usable(redemption, now):
    """Refuse a voucher that was used, cancelled or not used in time, saying which and when."""
    said = {
        RedemptionState.FULFILLED: (
            "already_fulfilled",
            _("这张兑换码已于%(when)s核销，不能再次使用。"),
            redemption.fulfilled_at,
        ),
        RedemptionState.CANCELLED: (
            "voucher_cancelled",
            _("这张兑换码已于%(when)s取消，积分已退回本人，不能使用。"),
            redemption.ended_at,
        ),
        RedemptionState.EXPIRED: (
            "voucher_expired",
            _("这张兑换码已于%(when)s过期，积分已退回本人，可重新兑换。"),
            redemption.expires_at,
        ),
    }
    if redemption.state in said:
        code, sentence, when = said[redemption.state]
        raise Conflict(code, sentence % {"when": moment_text(when)})
    if not redemption.is_usable(now):
        raise Conflict(
            "voucher_expired",
            _("这张兑换码已于%(when)s过期，积分会自动退回本人，可重新兑换。")
            % {"when": moment_text(redemption.expires_at)},
        )


@transaction.atomic
def fulfil(*, code, by, now):
    """Mark the voucher used at the station's desk; returns the redemption.

    Only an operator of that station or a points clerk; a second time is refused and says when the
    first was.
    """
    redemption = find_voucher(code=code, by=by)
    redemption = (
        Redemption.objects.select_for_update(of=("self",))
        .select_related("talent__user", "service__station")
        .get(pk=redemption.pk)
    )
    require_usable(redemption, now)
    redemption.state = RedemptionState.FULFILLED
    redemption.fulfilled_by, redemption.fulfilled_at = by, now
    redemption.save(update_fields=["state", "fulfilled_by", "fulfilled_at"])
    audit.record("care_points.fulfil", redemption, by=by, at=now)
    letters.send(letters.fulfilled(redemption), now)
    return redemption
