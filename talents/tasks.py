"""Celery's entries to the import and the search index."""

from celery import shared_task
from django.utils import timezone

from talents import operations, search
from talents.imports import running
from talents.models import Claim, Talent


@shared_task
def work_import(run_id):
    """Preview or write one import run."""
    running.work(run_id)


@shared_task
def resume_imports():
    """Take over runs whose worker died, and forget the rows of old ones."""
    now = timezone.now()
    running.resume_abandoned(now=now)
    running.purge(now=now)


@shared_task
def send_claim_code(claim_id):
    """Send the code of a claim to the phone of the record it is about, if there is one."""
    operations.send_claim_code(Claim.objects.select_related("talent").get(pk=claim_id))


@shared_task
def refresh_search(unit_id):
    """Bring the search columns of a unit's people in step with its name."""
    search.refresh(Talent.objects.filter(unit=unit_id))
