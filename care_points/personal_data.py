"""What the app holds about one woman: her points, what moved them, her vouchers and volunteer hours."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from care_points.models import Entry, PointsAccount, Redemption, ServiceHours
from kernel.portal import Group

COVERS = (
    "care_points.PointsAccount.talent",
    "care_points.Redemption.talent",
    "care_points.ServiceHours.talent",
)


def collect(user):
    """Return her account, every entry of it, her vouchers and her hours."""
    entries = Entry.objects.filter(account__talent__user=user).select_related("transfer__rule")
    vouchers = Redemption.objects.of(user).select_related("service__station")
    return [
        Group(_("积分账户"), PointsAccount.objects.filter(talent__user=user), ("code", "balance")),
        Group(
            pgettext_lazy("many", "积分分录"),
            entries.order_by("pk"),
            (
                ("moved_at", _("时间")),
                ("moved_by", _("种类")),
                ("moved_for", _("事由")),
                "amount",
                "balance_after",
            ),
        ),
        Group(
            pgettext_lazy("many", "兑换记录"),
            vouchers.order_by("pk"),
            (
                "code",
                "service",
                "cost",
                "state",
                "made_at",
                "expires_at",
                "fulfilled_at",
                "ended_at",
            ),
        ),
        Group(
            _("志愿服务时长"),
            ServiceHours.objects.filter(talent__user=user).order_by("pk"),
            ("activity", "starts_at", "ends_at", "state", "reason", "recorded_at", "decided_at"),
        ),
    ]
