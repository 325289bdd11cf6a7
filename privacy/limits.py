"""How often one person looks numbers up or sees them in full: counted by the hour, refused, told to others.

Whoever may try numbers can complete a masked one (138****1234 has ten thousand middles), so what counts is the
tries that found nobody. The audit log is the count: every look-up and every reveal is in it anyway. The person's
row is locked meanwhile, so that tries side by side count one after the other.
"""

import logging
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from kernel.errors import Refused
from privacy import audit
from privacy.models import AuditEntry

logger = logging.getLogger(__name__)
HOUR = timedelta(hours=1)
MOST_MISSES = 20
MOST_FOUND = 1000
UNREMARKABLE_REVEALS = 50
MOST_REVEALS = 100


def look_up(find, *, by, now, action="privacy.look_up"):
    """Return what `find()` finds by numbers, and keep count of it for `by`.

    `find` returns (what was found, a list; how many numbers named nobody). Raises
    Refused("too_many_lookups") before it is called once MOST_MISSES tries of the last hour found nobody.
    """
    if by is None:  # the system itself
        return find()[0]
    with transaction.atomic():
        lock(by)
        if error := why_not_look_up(by, now):
            raise error
        found, missed = find()
        about = found[0] if len(found) == 1 else by
        audit.record(action, about, by=by, at=now, found=len(found), missed=missed)
        if _misses(by, now) >= MOST_MISSES:
            alert("lookups", by=by, now=now, count=_misses(by, now))
    return found


@transaction.atomic
def count_miss(*, by, now, action):
    """Count a try that found nothing where what is found is no look-up of its own, as a voucher at the desk."""
    lock(by)
    audit.record(action, by, by=by, at=now, found=0, missed=1)
    if (misses := _misses(by, now)) >= MOST_MISSES:
        alert("lookups", by=by, now=now, count=misses)


def why_not_look_up(by, at):
    """Return why `by` may not look anybody up by a number at the moment `at` (DomainError), or None."""
    entries = _details(by, at)
    misses = sum(detail["missed"] for detail in entries)
    if misses < MOST_MISSES and sum(detail["found"] for detail in entries) < MOST_FOUND:
        return None
    sentence = _("一小时内查找的次数已到上限，请一小时后再试，或改用姓名、编号查找。")
    return Refused("too_many_lookups", sentence)


def why_not_reveal(by, at):
    """Return why `by` may not see another number in full at the moment `at` (DomainError), or None."""
    if _reveals(by, at) < MOST_REVEALS:
        return None
    sentence = _("一小时内查看完整号码的次数已到上限，请一小时后再试；确有需要请联系管理员。")
    return Refused("too_many_reveals", sentence)


def count_reveal(*, by, now):
    """Raise the alert with the reveal that is one more than is usual in an hour; the entry is written."""
    if (revealed := _reveals(by, now)) > UNREMARKABLE_REVEALS:
        alert("reveals", by=by, now=now, count=revealed)


def lock(by):
    """Hold the person's row: what she does side by side is counted one after the other."""
    get_user_model().objects.select_for_update().filter(pk=by.pk).first()


def alert(kind, *, by, now, count):
    """Put an alert about `by` into the log, once an hour for each kind (an app declares its `alerts`); notices tells the auditors."""
    raised = _entries(by, now).filter(action="privacy.alert", detail__kind=kind)
    if raised.exists():
        return
    audit.record("privacy.alert", by, by=by, at=now, kind=kind, count=count)
    logger.error("alert: %s by %s (%s in an hour)", kind, by.code, count)


def _entries(by, at):
    return AuditEntry.objects.filter(actor_id=by.pk, at__gt=at - HOUR, at__lte=at)


def _details(by, at):
    counted = _entries(by, at).filter(detail__has_key="missed")
    return list(counted.values_list("detail", flat=True))


def _misses(by, at):
    return sum(detail["missed"] for detail in _details(by, at))


def _reveals(by, at):
    return _entries(by, at).filter(action="privacy.reveal").count()
