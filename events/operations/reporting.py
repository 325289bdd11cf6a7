"""Reports on events that are taken out of the portal."""

from django.db import transaction

from events import rules
from events.after import report
from privacy import audit


@transaction.atomic
def export_report(*, events, title, by, now):
    """Return the report (events.after.report.Report) on these Events for a file; who took it is recorded.

    Raises Refused unless `by` runs each of them.
    """
    for event in events:
        if error := rules.why_not_manage(event, by, "events.view_event"):
            raise error
    audit.record("events.export_report", events[0], by=by, at=now, events=len(events))
    told = report.told_in_file(events, by)
    return report.of(events, title=title, at=now, told=told, reader=by)
