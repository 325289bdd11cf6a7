"""Volunteer hours as lists: written out for staff, and those nobody confirms told to who may."""

from datetime import timedelta

from accounts.models import User
from care_points import letters
from care_points.models import ServiceHours
from kernel import rights
from privacy import audit

WAITED = timedelta(days=3)  # until then the work queue alone says so


def export_hours(*, rows, by, now):
    """Return the ServiceHours `by` may see of `rows`, to be written out; the audit log keeps how many. Raises Refused."""
    rights.require(by, "care_points.view_servicehours")
    rows = rows.visible_to(by) if by else rows
    found = list(
        rows.select_related("talent", "recorded_by", "decided_by", "replaces").order_by(
            "-starts_at", "-pk"
        )
    )
    if found:
        audit.record("care_points.export_hours", found[0], by=by, at=now, rows=len(found))
    return found


def remind_of_hours(*, now):
    """Tell who may confirm hours how many have waited for days, once a week; returns how many were told."""
    late = ServiceHours.objects.waiting().filter(recorded_at__lt=now - WAITED)
    if not late.exists():
        return 0
    told = []
    for user in User.objects.holding("care_points.confirm_servicehours").filter(is_staff=True):
        count = late.visible_to(user).exclude(recorded_by=user).exclude(talent__user=user).count()
        if count:
            told.append(letters.hours_wait(user, count, now))
    return letters.send_all(told, now)
