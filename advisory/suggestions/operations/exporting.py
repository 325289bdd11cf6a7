"""Lists that are taken out of the portal, each time on record; the authors' names are in none that they are not read in."""

from django.db import transaction

from advisory.suggestions.rules import who
from kernel.errors import raise_if
from privacy import audit


@transaction.atomic
def export_suggestions(*, rows, by, now):
    """Put on record that a list of suggestions is taken out; returns those of `rows` staff see. Raises Refused."""
    found = _seen(rows, by).select_related("campaign", "joined_to").with_cosigners()
    return _noted("advisory.export_suggestions", list(found), by, now)


@transaction.atomic
def export_assignments(*, rows, by, now):
    """Put on record that a list of assignments is taken out; returns those of `rows` staff see. Raises Refused."""
    found = _seen(rows, by).select_related("suggestion__campaign", "department", "extension")
    return _noted("advisory.export_assignments", list(found), by, now)


@transaction.atomic
def export_adoptions(*, rows, by, now):
    """Put on record that a list of adoptions is taken out; returns those of `rows` staff see. Raises Refused."""
    found = _seen(rows, by).select_related("suggestion__campaign").prefetch_related("effects")
    return _noted("advisory.export_adoptions", list(found), by, now)


def _seen(rows, by):
    """Return the rows `by` may take out."""
    raise_if(who.why_not_export(by))
    return rows.visible_to(by) if by else rows


def _noted(verb, found, by, now):
    if by is not None:
        audit.record(verb, by, by=by, at=now, count=len(found))
    return found
