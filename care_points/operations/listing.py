"""Stations and providers as lists, written out for staff."""

from django.db import transaction
from django.db.models import Count, Q

from kernel import rights
from privacy import audit


@transaction.atomic
def export_stations(*, rows, by, now):
    """Return the CareStations of `rows` with their places and counts, to be written out; the audit log keeps how many.

    Raises Refused.
    """
    rights.require(by, "care_points.view_carestation")
    found = rows.select_related("place__verified_by").annotate(
        services_offered=Count("services", distinct=True, filter=Q(services__active=True)),
        providers_there=Count("providers", distinct=True),
        operators_there=Count("operators", distinct=True),
    )
    return _noted("care_points.export_stations", found.order_by("name"), by, now)


@transaction.atomic
def export_providers(*, rows, by, now):
    """Return the Providers of `rows` with their services, to be written out; the audit log keeps how many. Raises Refused."""
    rights.require(by, "care_points.view_provider")
    found = rows.select_related("station", "vetted_by").prefetch_related("services")
    return _noted("care_points.export_providers", found.order_by("station__name", "name"), by, now)


def _noted(verb, rows, by, now):
    found = list(rows)
    if found:
        audit.record(verb, found[0], by=by, at=now, rows=len(found))
    return found
