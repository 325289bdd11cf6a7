"""A unit's new name has to be findable: its people's search columns follow."""

from django.db import transaction

from kernel.text import fold
from kernel.worker import nudge
from talents import search
from talents.models import Talent


def unit_saved(sender, instance, created, raw=False, **kwargs):
    """After a unit was saved: have the worker refresh its people, where one is out of step."""
    if created or raw:
        return
    stale = Talent.objects.filter(unit=instance).exclude(search_text__contains=fold(instance.name))
    if stale.exists():
        transaction.on_commit(lambda: _refresh(instance.pk))


def _refresh(unit_id):
    if not nudge("talents.tasks.refresh_search", unit_id):
        search.refresh(Talent.objects.filter(unit=unit_id))  # slower, but never left out
