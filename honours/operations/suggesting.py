"""Who was on reserve hears of the next call that fits."""

from django.db import transaction

from calls.models import CallState
from honours import letters
from honours.models import CallHonour
from honours.reserves import reserves_for
from privacy import audit


@transaction.atomic
def suggest_to_reserves(*, leads_to, now):
    """Tell those on reserve of earlier calls for the same honour, once, that this one takes applications.

    The clock does so. Returns the CallHonour.
    """
    rows = CallHonour.objects.select_related("call", "honour")
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=leads_to.pk)
    if row.suggested_at is not None or row.call.state != CallState.OPEN:
        return row
    row.suggested_at = now
    row.save(update_fields=["suggested_at"])
    reserves = list(reserves_for(row).select_related("talent__user"))
    audit.record("honours.suggest_to_reserves", row.call, by=None, at=now, count=len(reserves))
    letters.suggested(row.call, reserves, now)
    return row
