"""Lists that are taken out of the portal, each time on record."""

from django.db import transaction

from advisory.consultations import rules
from privacy import audit


def _own(rows, path, by):
    return rows.filter(**{f"{path}__department": by.department_id}) if by else rows


@transaction.atomic
def export_invitations(*, rows, by, now):
    """Put on record that a list of invitations is taken out; returns those of `rows` to one's own consultations.

    Raises Refused.
    """
    if error := rules.why_not_export(by):
        raise error
    found = _own(rows, "consultation", by).select_related("consultation", "talent__unit")
    return _noted("advisory.export_invitations", list(found), by, now)


@transaction.atomic
def export_opinions(*, rows, by, now):
    """Put on record that a list of opinions is taken out; returns those of `rows` on one's own consultations.

    Raises Refused.
    """
    if error := rules.why_not_export(by):
        raise error
    found = _own(rows, "invitation__consultation", by)
    found = found.select_related("invitation__consultation", "invitation__talent__unit")
    return _noted("advisory.export_opinions", list(found), by, now)


def _noted(verb, found, by, now):
    if by is not None:
        audit.record(verb, by, by=by, at=now, count=len(found))
    return found
