"""The white list of the year and who comes first, as staff keep them.

`by` is a User or None (the system), `now` an aware datetime.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import rights
from kernel.errors import Conflict, Invalid
from outreach.requests import operations, rules
from outreach.requests.models import CampusEntry, PriorityVenue
from privacy import audit, changing

ENTRY_FIELDS = ("year", "activity", "document", "cap", "ended_on")


@transaction.atomic
def save_entry(*, entry, by, now, **fields):
    """Add (`entry=None`) or change a CampusEntry; returns it. Raises Refused, Invalid, Conflict("entry_there").

    What was asked for under it stays: a smaller cap counts for what is asked from now on.
    """
    verb = changing.verb("campusentry", entry)
    rights.require(by, f"outreach.{verb}")
    if not 2020 <= fields.get("year", 2020) <= timezone.localdate(now).year + 1:
        raise Invalid("year", _("学年请填开始的那一年，如 2026。"), field="year")
    others = CampusEntry.objects.exclude(pk=entry and entry.pk)
    year, activity = (fields.get(n, getattr(entry, n, None)) for n in ("year", "activity"))
    if others.filter(year=year, activity=activity).exists():
        sentence = _("这一学年已有同名的活动，请改那一条。")
        raise Conflict("entry_there", sentence, field="activity")
    row, changed = changing.fill(CampusEntry, entry, fields, ENTRY_FIELDS)
    if entry is None:
        row.entered_by, row.entered_at = by, now
    if changed:
        row.save()
    changing.record(f"outreach.{verb}", row, changed, by=by, at=now)
    return row


@transaction.atomic
def save_priority(*, unit, year, document, by, now):
    """Have a unit come first in a school year; returns the PriorityVenue. The same again changes the document alone.

    Raises Refused.
    """
    rights.require(by, "outreach.add_priorityvenue")
    row, is_new = PriorityVenue.objects.get_or_create(
        unit=unit, year=year, defaults={"document": document}
    )
    if not is_new and row.document != document:
        row.document = document
        row.save(update_fields=["document"])
    audit.record("outreach.add_priorityvenue", row, by=by, at=now)
    return row


@transaction.atomic
def drop_priority(*, venue, by, now):
    """Let a unit wait as others do; what it has sent keeps its place. Twice does nothing twice. Raises Refused."""
    rights.require(by, "outreach.add_priorityvenue")
    audit.record("outreach.drop_priorityvenue", venue, by=by, at=now, year=venue.year)
    venue.delete()


def ask_more(*, request, by, now):
    """Ask the next volunteers for a request at once, for who coordinates; returns how many were asked. Raises Refused."""
    rights.require(by, rules.COORDINATE)
    return operations.ask_volunteers(request=request, now=now)


def export_requests(*, rows, by, now):
    """Return the SchoolRequests of `rows`, to be written out; the log keeps how many. Raises Refused."""
    rights.require(by, "outreach.view_schoolrequest")
    found = list(rows.select_related("unit").order_by("-pk"))
    if found:
        audit.record("outreach.export_requests", found[0], by=by, at=now, rows=len(found))
    return found
