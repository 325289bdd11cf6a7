"""The clock looks at a programme: minutes and risks of everybody, and certificates that say what was counted.

Everything is read anew from attendance, so a look that is missed or done twice loses and doubles nothing, and what staff
correct in `events` is followed by the next one without events knowing of programmes.
"""

from datetime import timedelta

from django.db import transaction

from entrepreneurship.learning import letters
from entrepreneurship.learning.models import (
    EnrolmentState,
    Programme,
    Risk,
)
from entrepreneurship.learning.operations import certificates
from entrepreneurship.learning.progress import inside_of, plan, progress, why_at_risk

# Bookings of the first event are deleted a year after it (events.portal): from then on nothing can be counted again.
COUNTED_FOR = timedelta(days=360)
COUNTED = ("minutes", "attainable", "risk", "risk_since", "state")


@transaction.atomic
def look(*, programme, now):
    """Count everybody of a programme anew, tell whom it concerns, keep certificates true. Safe to repeat.

    Returns how many enrolments and certificates changed.
    """
    return look_at(Programme.objects.locked(programme), now)


def look_at(programme, now, only=None):
    """Do what `look` describes, for all or `only` one enrolment; the caller holds the programme's lock."""
    found = plan(programme)
    if found.begins_at and now > found.begins_at + COUNTED_FOR:
        return 0
    rows = programme.enrolments.standing().select_related("talent__user", "talent__department")
    rows = list(rows.filter(pk=only.pk) if only else rows)
    inside = inside_of(found, [row.talent_id for row in rows])
    changed, told = [], []
    for row in rows:
        row.programme = programme
        made = progress(found, inside.get(row.talent_id, {}), now)
        if _count(row, made, now):
            changed.append(row)
            told += letters.of_risk(row, made)
        row.made = made
    programme.enrolments.bulk_update(changed, COUNTED)
    letters.send(told, now)
    certified = certificates.keep_true(programme, found, rows, now) if programme.is_closed else 0
    if not only:
        programme.looked_at = now
        programme.save(update_fields=["looked_at"])
    return len(changed) + certified


def _count(row, made, now):
    """Write on an enrolment what was counted; returns whether anything changed."""
    before = [getattr(row, name) for name in COUNTED]
    row.minutes, row.attainable = made.whole.done, made.whole.attainable
    risk = why_at_risk(row, made)
    if risk != row.risk:
        row.risk, row.risk_since = risk, now if risk != Risk.NONE else None
    if row.programme.is_closed:
        row.state = EnrolmentState.COMPLETED if made.is_complete else EnrolmentState.ENDED
    return before != [getattr(row, name) for name in COUNTED]
