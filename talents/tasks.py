"""Celery's entries to the import and the search index."""

import logging

from celery import shared_task
from django.utils import timezone

from kernel.gateways import GatewayError
from talents import operations, search
from talents.career import confirming, units
from talents.career import operations as career
from talents.doubles import finding
from talents.erasure import operations as erasure
from talents.erasure import outside
from talents.exports import running as exports
from talents.imports import operations as imports
from talents.imports import running
from talents.models import Claim, Talent
from talents.operations import merging
from talents.trends import keeping as trends

# What one beat looks at, so that a million new records do not keep a worker from everything else.
CHUNKS = 20
logger = logging.getLogger(__name__)


@shared_task
def work_import(run_id):
    """Preview or write one import run."""
    running.work(run_id)


@shared_task
def resume_imports():
    """Take over runs whose worker died and cancel what nobody confirmed."""
    now = timezone.now()
    imports.expire(now=now)
    running.resume_abandoned(now=now)


@shared_task
def write_export(export_id):
    """Write one long list that a clerk takes out."""
    exports.work(export_id)


@shared_task
def resume_exports():
    """Write what a worker left behind, and delete the files whose time is over."""
    now = timezone.now()
    exports.drop_expired(now=now)
    exports.resume_abandoned(now=now)


@shared_task(bind=True, max_retries=2, default_retry_delay=15)
def send_claim_code(self, claim_id):
    """Send the code of a claim to the phone of the record it is about, if there is one.

    A message the provider surely did not take is tried again twice; one it may have taken is not, so that
    nobody is told twice. She may ask for the code again, and a clerk sees the claim in any case.
    """
    claim = Claim.objects.select_related("talent").get(pk=claim_id)
    try:
        operations.send_claim_code(claim)
    except GatewayError as error:
        logger.error("the code of claim %s was not taken: %s", claim_id, error.code)
        if not (error.permanent or error.unsure) and self.request.retries < self.max_retries:
            raise self.retry(exc=error) from error


@shared_task
def erase_due():
    """Erase everybody whose time to take it back is over, and note outside who was erased."""
    try:
        erasure.erase_due(now=timezone.now())
    finally:
        outside.note_done()


@shared_task
def find_doubles():
    """Find records that may be one woman's, among those that were written since."""
    now = timezone.now()
    for _chunk in range(CHUNKS):
        if finding.look_again(now=now) < finding.CHUNK:
            break


@shared_task
def follow_merges():
    """Close merges older than 30 days, and move what was written beside one."""
    merging.follow_merges(now=timezone.now())


@shared_task
def refresh_search(unit_id):
    """Bring the search columns of a unit's people in step with its name."""
    search.refresh(Talent.objects.filter(unit=unit_id))


@shared_task
def ask_to_confirm():
    """Ask the women whose records are due to look them through."""
    confirming.ask_due(now=timezone.now())


@shared_task
def forget_unit_keys():
    """Forget under which keys units sent their tables a month ago."""
    units.forget_keys(now=timezone.now())


@shared_task
def end_tiers():
    """Have a tier that has run out count no more."""
    career.end_tiers(now=timezone.now())


@shared_task
def refresh_trends():
    """Compute everybody's trends anew."""
    trends.refresh_all(now=timezone.now())
