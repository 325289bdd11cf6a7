"""What points are given for and what they are good for: rules, stations and services.

`by` is a User or None (the system), `now` an aware datetime. Changing nothing records nothing.
"""

from django.db import transaction

from care_points.models import CareStation, Service
from kernel import rights
from privacy import changing

STATION_FIELDS = ("name", "place", "active")
SERVICE_FIELDS = (
    "station",
    "category",
    "title",
    "description",
    "cost",
    "monthly_quota",
    "validity_days",
    "active",
)
# A rule's code and unit are known to the program.
RULE_FIELDS = (
    "name",
    "name_en",
    "points",
    "yearly_cap",
    "valid_months",
    "active_from",
    "active_until",
)
# Of these the audit log keeps what they were and became: numbers and days, nobody's data.
COUNTED = ("points", "yearly_cap", "valid_months", "active_from", "active_until")


@transaction.atomic
def save_station(*, station, by, now, operators=None, **fields):
    """Add (`station=None`) or change a Care Station; returns it.

    `operators` are the Users at its desk, all of them (None: as they are); `fields` are of
    STATION_FIELDS. Raises Refused.
    """
    verb = changing.verb("carestation", station)
    rights.require(by, f"care_points.{verb}")
    station, changed = changing.fill(CareStation, station, fields, STATION_FIELDS)
    if changed:
        station.save()
    if operators is not None and set(operators) != set(station.operators.all()):
        station.operators.set(operators)
        changed.append("operators")
    changing.record(f"care_points.{verb}", station, changed, by=by, at=now)
    return station


@transaction.atomic
def save_service(*, service, by, now, **fields):
    """Add (`service=None`) or change a service of the catalogue; returns it.

    `fields` are of SERVICE_FIELDS. Raises Refused.
    """
    verb = changing.verb("service", service)
    rights.require(by, f"care_points.{verb}")
    service, changed = changing.fill(Service, service, fields, SERVICE_FIELDS)
    if changed:
        service.save()
    changing.record(f"care_points.{verb}", service, changed, by=by, at=now)
    return service


@transaction.atomic
def change_rule(*, rule, by, now, **fields):
    """Change an earning rule, keeping the version before; returns it.

    `fields` are of RULE_FIELDS. Raises Refused. What was given already stays given: a rule counts when points are earned.
    """
    rights.require(by, "care_points.change_earningrule")
    before = {name: getattr(rule, name) for name in RULE_FIELDS}
    rule, changed = changing.fill(type(rule), rule, fields, RULE_FIELDS)
    if changed:
        rule._history_user = by
        rule.save()
    counts = changing.counted(before, fields, changed, COUNTED)
    changing.record("care_points.change_earningrule", rule, changed, by=by, at=now, **counts)
    return rule
