"""What points are given for and what they are good for: rules, stations and services.

`by` is a User or None (the system), `now` an aware datetime. Changing nothing records nothing.
"""

from datetime import date

from django.db import transaction

from care_points.models import CareStation, Service
from kernel import rights
from privacy import audit

STATION_FIELDS = ("name", "address", "phone", "open_hours", "active")
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
    verb = _verb("carestation", station)
    rights.require(by, f"care_points.{verb}")
    station, changed = _filled(CareStation, station, fields, STATION_FIELDS)
    if changed:
        station.save()
    if operators is not None and set(operators) != set(station.operators.all()):
        station.operators.set(operators)
        changed.append("operators")
    _record(verb, station, changed, by, now)
    return station


@transaction.atomic
def save_service(*, service, by, now, **fields):
    """Add (`service=None`) or change a service of the catalogue; returns it.

    `fields` are of SERVICE_FIELDS. Raises Refused.
    """
    verb = _verb("service", service)
    rights.require(by, f"care_points.{verb}")
    service, changed = _filled(Service, service, fields, SERVICE_FIELDS)
    if changed:
        service.save()
    _record(verb, service, changed, by, now)
    return service


@transaction.atomic
def change_rule(*, rule, by, now, **fields):
    """Change an earning rule, keeping the version before; returns it.

    `fields` are of RULE_FIELDS. Raises Refused. What was given already stays given: a rule counts when points are earned.
    """
    rights.require(by, "care_points.change_earningrule")
    before = {name: getattr(rule, name) for name in RULE_FIELDS}
    rule, changed = _filled(type(rule), rule, fields, RULE_FIELDS)
    if changed:
        rule._history_user = by
        rule.save()
    counted = {name: _plain(before[name], fields[name]) for name in changed if name in COUNTED}
    _record("change_earningrule", rule, changed, by, now, **counted)
    return rule


def _plain(*values):
    """Return numbers and dates as JSON keeps them."""
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def _verb(model_name, row):
    return f"{'change' if row else 'add'}_{model_name}"


def _filled(model, row, fields, changeable):
    """Lock the row, or begin a new one, and set its fields; returns it and the names that changed."""
    if unknown := set(fields) - set(changeable):
        raise TypeError(f"not changeable: {sorted(unknown)}")
    new = row is None
    row = model() if new else model.objects.select_for_update().get(pk=row.pk)
    changed = [name for name, value in fields.items() if new or getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    return row, changed


def _record(verb, row, changed, by, now, **counted):
    """Record which fields changed; of those `counted` holds the old value and the new one as well."""
    if not changed:
        return
    fields = sorted(set(changed) - set(counted))
    detail = counted | ({"fields": fields} if fields else {})
    audit.record(f"care_points.{verb}", row, by=by, at=now, **detail)
