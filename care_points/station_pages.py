"""The Care Stations for everybody: where they are, when they are open, what they give for points."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from care_points.models import CareStation, Category, Service
from kernel.public_pages import public_page


@public_page
@require_safe
def stations(request):
    """Show the stations that are open to women, each with where it is and whether it is open now."""
    return render(request, "care_points/stations.html", {"stations": _shown()})


@public_page
@require_safe
def care_station(request, pk):
    """Show one station: its place with hours and how one gets in, and its services by the policy's five kinds."""
    station = get_object_or_404(_shown(), pk=pk)
    offered = list(Service.objects.offered().filter(station=station))
    kinds = [(kind.label, [one for one in offered if one.category == kind]) for kind in Category]
    context = {"station": station, "kinds": [(label, ones) for label, ones in kinds if ones]}
    return render(request, "care_points/care_station.html", context)


def _shown():
    shown = CareStation.objects.filter(active=True, place__active=True).select_related("place")
    return shown.prefetch_related("place__other_hours").order_by("name")
