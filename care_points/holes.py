"""The part of a service's page that is the reader's own (kernel.holes)."""

from django.template.loader import render_to_string
from django.utils import timezone

from care_points import campaigns, operations
from care_points.models import PointsAccount, Service
from care_points.seats import seats
from talents.operations import own_record


def service_offer(request, calls):
    """Show for each service of the catalogue its places left this month, and what it is to the reader.

    Queries: the services and their places; for somebody signed in also her record, her balance and how she stands towards
    campaigns.
    """
    now, pks = timezone.now(), [int(pk) for (pk,) in calls]
    services = Service.objects.offered().in_bulk(pks)
    places = operations.places_left(services.values(), now)
    reader = _reader(request.user)
    taken = operations.taken_by(reader and reader[0], services.values(), now)
    standing = campaigns.standing(services.values(), reader[0], now) if reader else None
    counted = {"taken": taken, "standing": standing}
    return [_offer(services.get(pk), places.get(pk), reader, counted, now) for pk in pks]


def _reader(user):
    """Return (her record, her balance); None for strangers."""
    if not user.is_authenticated:
        return None
    talent = own_record(user)
    return talent, PointsAccount.objects.look_up(talent).balance


def _offer(service, places, reader, counted, now):
    if service is None:
        return ""
    context = {
        "service": service,
        "places": places,
        "period": campaigns.why_not_period(service, now),
    }
    if reader:
        why_not = operations.why_not_redeem(service, *reader, now, places=places, **counted)
        context |= {"why_not": why_not, "missing": service.cost - reader[1], "reader": True}
    return render_to_string("care_points/service_offer.html", context)


def redeem_card(request, calls):
    """Lead to the redemption of a service (its id, its cost, whether it has times), or say what stands in the way."""
    return [_redeem_card(request, int(pk), int(cost), timed == "True") for pk, cost, timed in calls]


def _redeem_card(request, pk, cost, timed):
    context = {"pk": pk, "cost": cost, "why_not": None, "timed": timed}
    if request.user.is_authenticated:
        service = Service.objects.offered().filter(pk=pk).first()
        if service is None:
            return ""
        talent = own_record(request.user)
        balance = PointsAccount.objects.look_up(talent).balance
        now = timezone.now()
        why_not = operations.why_not_redeem(service, talent, balance, now)
        if service.by_event and not why_not:
            why_not = seats().why_not_take(service.event_code, talent, now)
        context |= {"cost": service.cost, "why_not": why_not, "timed": service.by_appointment}
    return render_to_string("care_points/redeem_card.html", context)
