"""The app's part of 我的."""

from django.utils.translation import gettext as _

from care_points.models import CareStation, PointsAccount, Redemption, RedemptionState
from talents.operations import own_record

SHOWN = 3


def her_points(request, now):
    """Return her balance and the vouchers she can use."""
    talent = own_record(request.user)
    if talent is None:
        return None
    vouchers = Redemption.objects.of(request.user).filter(
        state=RedemptionState.RESERVED, expires_at__gte=now
    )
    return {
        "balance": PointsAccount.objects.look_up(talent).balance,
        "vouchers": list(vouchers.select_related("service__station")[:SHOWN]),
    }


def desk(user):
    """Return what the line to the station's desk says, None for people who stand at none."""
    runs_one = CareStation.objects.operated_by(user).exists()
    return _("扫描或输入对方的兑换码") if runs_one else None
