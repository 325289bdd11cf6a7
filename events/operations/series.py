"""Series: begun, described anew."""

from django.db import transaction

from events import rules
from events.models import Series
from privacy import audit

DESCRIBED = ("name", "platform", "description", "is_visible")


@transaction.atomic
def add_series(*, fields, by, now):
    """Begin a series of a department.

    `fields` are names of DESCRIBED, and `department` (by default that of `by`), to values. Raises Refused unless `by`
    may make events of the department, Invalid without a name or for one the department has already. Returns the
    Series.
    """
    values = {name: fields[name] for name in DESCRIBED if name in fields}
    department = fields.get("department") or (by and by.department)
    series = Series(**values, created_at=now, updated_at=now)
    if error := rules.why_not_add(department, by):
        raise error
    series.department = department
    if error := rules.why_not_name_series(series):
        raise error
    series.save()
    audit.record("events.add_series", series, by=by, at=now)
    return series


@transaction.atomic
def edit_series(*, series, changes, by, now):
    """Change what DESCRIBED names (names → new values).

    Raises Refused, Invalid without a name or for one the department has already. Returns the Series.
    """
    if error := rules.why_not_manage_series(series, by):
        raise error
    series = Series.objects.select_for_update().get(pk=series.pk)
    changes = {
        name: value
        for name, value in changes.items()
        if name in DESCRIBED and getattr(series, name) != value
    }
    if not changes:
        return series
    for name, value in changes.items():
        setattr(series, name, value)
    if error := rules.why_not_name_series(series):
        raise error
    series.updated_at = now
    series.save(update_fields=[*changes, "updated_at"])
    audit.record("events.edit_series", series, by=by, at=now, fields=sorted(changes))
    return series
