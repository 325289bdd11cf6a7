"""Points that are about to run out: she is told once for each day on which some do, in time to use them."""

from datetime import timedelta

from care_points import letters, lots
from care_points.models import PointsAccount

BEFORE = timedelta(days=30)
BATCH = 500


def remind_of_expiry(*, now):
    """Queue a letter to everybody some of whose points run out within BEFORE; returns how many were new.

    What was told is not told again (the notice's key is the account and the day), a run that was missed loses nothing.
    """
    told, batch = 0, []
    for account in PointsAccount.objects.running_out(now, now + BEFORE).select_related(
        "talent__user"
    ):
        batch += [
            letters.running_out(account, until, points)
            for until, points in lots.running_out(account)
            if now < until <= now + BEFORE and account.talent.user
        ]
        if len(batch) >= BATCH:
            told, batch = told + letters.send_all(batch, now), []
    return told + letters.send_all(batch, now)
