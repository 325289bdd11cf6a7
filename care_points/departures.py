"""Her points when her record leaves the database: kept, and what she paid for already can be used."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care_points import ledger
from care_points.models import PointsAccount, Redemption, RedemptionState
from care_points.operations import cancel_redemption


def _unused(talent):
    return Redemption.objects.filter(talent=talent, state=RedemptionState.RESERVED)


def points_kept(talent, now, hers):
    """Say what becomes of vouchers and points."""
    vouchers, points = _unused(talent).count(), PointsAccount.objects.look_up(talent).balance
    if not hers:
        return _given_back(vouchers, points)
    sentences = []
    if vouchers:
        sentences.append(
            ngettext(
                "%(count)s 张未使用的兑换码到期前仍可使用。",
                "%(count)s 张未使用的兑换码到期前仍可使用。",
                vouchers,
            )
            % {"count": vouchers}
        )
    if points:
        sentences.append(
            ngettext(
                "%(points)s 积分为您保留，退出期间不能兑换，也不再累积。",
                "%(points)s 积分为您保留，退出期间不能兑换，也不再累积。",
                points,
            )
            % {"points": points}
        )
    return sentences


def _given_back(vouchers, points):
    """Say that vouchers turn into points again, and when these can be used."""
    sentences = []
    if vouchers:
        sentence = ngettext(
            "%(count)s 张未使用的兑换码作废，积分退回。",
            "%(count)s 张未使用的兑换码作废，积分退回。",
            vouchers,
        )
        sentences.append(sentence % {"count": vouchers})
    if vouchers or points:
        sentences.append(_("积分为您保留，重新审核通过以后可以兑换。"))
    return sentences


def take_vouchers_back(*, talent, hers, now):
    """Leave her vouchers alone; those of somebody who claimed the record wrongly are cancelled."""
    if hers:
        return
    ledger.lock_account(talent)  # a voucher she is making now is found once it is made
    for redemption in _unused(talent).order_by("pk"):
        cancel_redemption(redemption=redemption, by=None, now=now)
