"""The app's part of 我的."""

from datetime import datetime

from django.utils.translation import gettext as _

from care_points.models import CareStation, PointsAccount, Provider, Redemption, RedemptionState
from kernel.prepared import Prepared
from talents.operations import own_record

SHOWN = 3


BALANCE = Prepared(
    lambda who: PointsAccount.objects.filter(talent__user=who).values_list("balance"),
    who="accounts.User",
)
VOUCHERS = Prepared(
    lambda who, at: (
        Redemption.objects.of(who)
        .filter(state=RedemptionState.RESERVED, expires_at__gte=at)
        .select_related("station", "appointment")
        .only(
            "expires_at",
            "station__name",
            "appointment__redemption",
            "appointment__starts_at",
        )
        .order_by("appointment__starts_at", "-pk")[:SHOWN]
    ),
    who="accounts.User",
    at=datetime,
)
PROVIDER = Prepared(
    lambda who: Provider.objects.filter(user=who).values_list("pk")[:1], who="accounts.User"
)
STATION = Prepared(  # of a woman; staff may stand at others' desks, which their rights decide
    lambda who: CareStation.objects.operated_by(who).values_list("pk")[:1], who="accounts.User"
)
CARD = {"balance": BALANCE, "vouchers": VOUCHERS}
DESK = {"station": STATION}
PROVIDES = {"provider": PROVIDER}


def her_points(request, now, found):
    """Return her balance and the vouchers she can use."""
    if own_record(request.user) is None:
        return None
    balance = found["balance"][0][0] if found["balance"] else 0
    return {"balance": balance, "vouchers": found["vouchers"]}


def said_to_many(context):
    """Return what the card says where it is a balance alone (kernel.portal.Card)."""
    return None if context["vouchers"] else (("balance", context["balance"]), ("vouchers", ()))


def desk(user, found):
    """Return what the line to the station's desk says, None for people who stand at none."""
    runs_one = found["station"] or (
        user.is_staff and CareStation.objects.operated_by(user).exists()
    )
    return _("扫描或输入对方的兑换码") if runs_one else None


def provides(user, found):
    """Return what the line to a provider's own appointments says, None for everybody else."""
    return _("您今天和以后的预约") if found["provider"] else None
