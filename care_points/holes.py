"""The part of a service's page that is the reader's own (kernel.holes)."""

from django.template.loader import render_to_string
from django.utils import timezone

from care_points import operations
from care_points.models import PointsAccount, Service
from talents.operations import own_record


def redeem_card(request, calls):
    """Lead to the redemption of a service (its id, its cost), or say what stands in the way."""
    return [_redeem_card(request, int(pk), int(cost)) for pk, cost in calls]


def _redeem_card(request, pk, cost):
    context = {"pk": pk, "cost": cost, "why_not": None}
    if request.user.is_authenticated:
        service = Service.objects.offered().filter(pk=pk).first()
        if service is None:
            return ""
        talent = own_record(request.user)
        balance = PointsAccount.objects.look_up(talent).balance
        why_not = operations.why_not_redeem(service, talent, balance, timezone.now())
        context |= {"cost": service.cost, "why_not": why_not}
    return render_to_string("care_points/redeem_card.html", context)
