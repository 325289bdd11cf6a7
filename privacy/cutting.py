"""What is append-only and was kept long enough goes: the audit log, with its new beginning on record, and old answers.

The running portal has no right to delete these rows. It calls functions of the database that know the rule
themselves (migration 0002), so that no process needs the purge role.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from django.utils import timezone

from privacy import audit
from privacy.models import AuditBase, AuditEntry, AuditLink

YEAR = relativedelta(years=1)
CHUNK = 20_000  # entries of one transaction: those who write wait while their table is cut
SLACK = timedelta(seconds=1)


class BrokenLog(Exception):
    """The log does not agree with its chain: what it was is evidence and stays."""


def cut_log(before):
    """Remove entries older than `before`, at least a year old; returns how many.

    The oldest go, up to the first that is younger; what has no link yet stays. Raises BrokenLog where the chain does
    not hold up to there: whoever changed the log must not have it tidied away.
    """
    before = min(before, timezone.now() - YEAR - SLACK)
    removed = 0
    while last := _last_to_go(before):
        removed += _cut_up_to(last)
    return removed


def _last_to_go(before):
    """Return the newest AuditLink of the next entries to go, None where none is old enough."""
    entries = AuditEntry.objects.order_by("pk")
    young = entries.filter(at__gte=before).values_list("pk", flat=True).first()
    links = AuditLink.objects.order_by("pk")
    links = links if young is None else links.filter(pk__lt=young)
    chunk = list(links[:CHUNK])
    return chunk[-1] if chunk else None


@transaction.atomic
def _cut_up_to(last):
    if not audit.holds_up_to(last.pk):
        raise BrokenLog(last.pk)
    count = AuditEntry.objects.filter(pk__lte=last.pk).count()
    base = AuditBase(entry_id=last.pk, digest=last.digest, removed=count, at=timezone.now())
    base.seal = audit.seal_of(base)
    base.save()
    return _call("privacy_cut_log", last.pk)


def cut_consents(before):
    """Remove answers that were replaced by newer ones before `before`, at least three years ago; returns how many.

    The newest answer of each person to each purpose stays.
    """
    return _call("privacy_cut_consents", before)


def _call(function, value):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [value])
        return cursor.fetchone()[0]
