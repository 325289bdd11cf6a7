"""The ledger is checked against itself: every night, and whenever somebody who keeps the points asks."""

from datetime import timedelta

from django.db import transaction

from care_points import letters
from care_points.models import LedgerCheck
from care_points.reconciliation import reconcile
from kernel import rights
from kernel.worker import nudge_on_commit
from privacy import audit

EVERY = timedelta(hours=20)  # looked at through the night, so a night is never left out


@transaction.atomic
def ask_check(*, by, now):
    """Ask for a check; returns the LedgerCheck. While one waits, that one: two would find the same. Raises Refused."""
    rights.require(by, "care_points.check_ledger")
    check, is_new = LedgerCheck.objects.get_or_create(
        done_at=None, sound=None, defaults={"asked_by": by, "asked_at": now}
    )
    if is_new:
        audit.record("care_points.ask_check", check, by=by, at=now)
        nudge_on_commit("care_points.tasks.check_ledger")
    return check


def ask_nightly(*, now):
    """Ask for the night's check, unless one was done since EVERY; returns the LedgerCheck or None."""
    newest = LedgerCheck.objects.done().first()
    if newest and newest.done_at > now - EVERY:
        return None
    return ask_check(by=None, now=now)


@transaction.atomic
def run_check(*, check, now):
    """Check the ledger and keep the outcome; whoever keeps the points is told where it does not add up.

    Returns the LedgerCheck; one that was done meanwhile as it is.
    """
    check = LedgerCheck.objects.select_for_update().get(pk=check.pk)
    if check.done_at:
        return check
    found = reconcile().as_dict()
    for name, value in found.items():
        setattr(check, name, value)
    check.done_at = now
    check.save()
    audit.record("care_points.check_ledger", check, by=None, at=now, sound=check.sound)
    if not check.sound:
        letters.send_all(letters.unsound(check), now)
    return check
