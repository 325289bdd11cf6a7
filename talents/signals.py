"""A unit's new name has to be findable: its people's search columns follow."""

from django.db import transaction

from talents.models import Talent


def unit_saved(sender, instance, created, raw=False, **kwargs):
    """After a unit was saved: have the worker refresh its people, where one is out of step."""
    if created or raw:
        return
    from talents.search import fold
    from talents.tasks import refresh_search

    stale = Talent.objects.filter(unit=instance).exclude(search_text__contains=fold(instance.name))
    if stale.exists():
        transaction.on_commit(lambda: _wake(refresh_search, instance.pk))


def _wake(task, *args):
    try:
        task.apply_async(args, ignore_result=True, retry=False)
    except task.OperationalError:
        task(*args)  # no broker: slower, but never left out
