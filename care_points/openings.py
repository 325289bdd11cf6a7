"""Services she has the points for, by a rule she can read."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from care_points.models import PointsAccount, Service
from kernel.portal import Opening

MOST = 5
RULES = (gettext_lazy("加油站服务：您的积分够兑换。"),)


def find(talent, now):
    """Return services her points are enough for, the cheapest first. Two queries."""
    points = PointsAccount.objects.look_up(talent).balance
    services = Service.objects.offered().filter(cost__lte=points).order_by("cost", "pk")[:MOST]
    words = {"points": points}
    return [
        Opening(
            service.title,
            reverse("service", args=[service.pk]),
            service.station.name,
            (_("您有 %(points)s 积分，兑换需要 %(cost)s。") % (words | {"cost": service.cost}),),
        )
        for service in services
    ]
