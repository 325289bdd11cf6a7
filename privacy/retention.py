"""What has been kept long enough goes: the rules the apps declare, applied once a day.

Each rule is the line of the privacy notice that people read (kernel.retention). Rows go in chunks, a transaction
each; one that fails is named in the log by its key, counted, and stops no other. What is append-only is cut by functions
of the database that know the rule themselves (privacy.cutting).
"""

import logging
from datetime import timedelta

from django.db import transaction

from kernel import outages, portal
from kernel.retention import Retention
from privacy import audit
from privacy.models import RetentionRun

logger = logging.getLogger(__name__)
CHUNK = 500
SHOWN = timedelta(days=30)


def rules():
    """Return the rules of all apps that something is done by."""
    return [rule for rule in portal.listed("retention") if isinstance(rule, Retention)]


def apply(*, now):
    """Apply every rule; returns the RetentionRuns of those that found something. Again at once finds nothing."""
    runs = [_apply(rule, now) for rule in rules()]
    return [run for run in runs if run]


def _apply(rule, now):
    before, run = rule.keep.before(now), None
    if rule.cut:
        done, failed = _cut(rule, before)
        if done or failed:
            run = RetentionRun.objects.create(rule=rule.code, at=now, done=done, failed=failed)
    else:
        run = _forget_all(rule, before, now)
    if run is None:
        return None
    detail = {"rule": rule.code, "done": run.done, "failed": run.failed}
    audit.record("privacy.apply_retention", run, by=None, at=now, **detail)
    return run


def _forget_all(rule, before, now):
    """Go through the rows that are due; returns the RetentionRun, None where nothing was done.

    It counts along with each chunk, so that of a run whose worker was killed is said what it did.
    """
    last, run = None, None
    while pks := _due(rule, before, last):
        last = pks[-1]
        run = run or RetentionRun.objects.create(rule=rule.code, at=now, done=0, failed=0)
        _forget(rule, before, pks, run)
    if run and not (run.done or run.failed):  # somebody else held them all
        run.delete()
        return None
    return run


def _cut(rule, before):
    """Have what is append-only cut; returns (done, failed). A refusal counts as one and is in the log."""
    try:
        return rule.cut(before), 0
    except Exception as error:
        if outages.is_outage(error):
            raise
        logger.error("%s failed: %s", rule.code, type(error).__name__)
        return 0, 1


def _due(rule, before, last):
    """Return the keys of the next rows, behind the key `last`: what failed is not met again in this run."""
    rows = rule.rows(before).order_by("pk").values_list("pk", flat=True)
    return list(rows.filter(pk__gt=last)[:CHUNK] if last is not None else rows[:CHUNK])


def _forget(rule, before, pks, run):
    """Do a chunk, or, where it fails, each row by itself; the run counts them."""
    try:
        _at_once(rule, before, pks, run)
        return
    except Exception as error:
        if outages.is_outage(error):
            raise
    for pk in pks:
        try:
            _at_once(rule, before, [pk], run)
        except Exception as error:
            if outages.is_outage(error):
                raise
            logger.error("%s failed for %s: %s", rule.code, pk, type(error).__name__)
            run.failed += 1
            run.save(update_fields=["failed"])


def _at_once(rule, before, pks, run):
    """Take the rows nobody else holds, and count them, in one transaction."""
    with transaction.atomic():
        held = _take(rule, before, pks)
        RetentionRun.objects.filter(pk=run.pk).update(done=run.done + held)
    run.done += held


def _take(rule, before, pks):
    rows = rule.rows(before).filter(pk__in=pks).select_for_update(of=("self",), skip_locked=True)
    held = [row.pk for row in rows.only("pk")]
    rule.forget(rule.rows(before).model._base_manager.filter(pk__in=held))
    return len(held)


def done_lately(user, now):
    """Return how many rows went by rule in the last thirty days, for the auditors' desk."""
    runs = RetentionRun.objects.filter(at__gt=now - SHOWN, at__lte=now)
    return sum(runs.values_list("done", flat=True))
