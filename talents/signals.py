"""What follows, whoever saves it: a unit's new name is findable, an account agrees with its record."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.errors import Refused
from kernel.worker import nudge
from privacy import audit
from talents import search
from talents.models import Talent


def unit_to_save(sender, instance, raw=False, **kwargs):
    """Before a unit is saved: keep in memory what it was called."""
    known = sender.objects.filter(pk=instance.pk).values_list("name", "short_name")
    instance.was_called = None if raw else known.first()


def unit_saved(sender, instance, raw=False, **kwargs):
    """After a unit was saved: have the worker refresh its people, where it is called otherwise."""
    was_called = instance.was_called
    if was_called and was_called != (instance.name, instance.short_name):
        transaction.on_commit(lambda: _refresh(instance.pk))


def _refresh(unit_id):
    if not nudge("talents.tasks.refresh_search", unit_id):
        search.refresh(Talent.objects.filter(unit=unit_id))  # slower, but never left out


def account_named(sender, instance, update_fields=None, raw=False, **kwargs):
    """Before an account is saved: keep it from taking another name than its woman's record.

    accounts knows nothing of records, so its operations cannot ask; whoever renames an account by hand
    is told where the name is changed. Raises Refused("name_of_record").
    """
    if raw or instance.pk is None or (update_fields and "full_name" not in update_fields):
        return
    known = Talent.objects.filter(user=instance.pk).values_list("full_name", flat=True).first()
    if known and known != instance.full_name:
        sentence = _("她的姓名以人才档案为准，请由本人在“我的档案”里提出更正。")
        raise Refused("name_of_record", sentence, field="full_name")


def account_saved(sender, instance, created, update_fields=None, raw=False, **kwargs):
    """After an account was saved: her record has the phone she proved, where she proved another one."""
    if created or raw or (update_fields and "phone" not in update_fields):
        return
    if instance.phone and instance.phone_verified:
        with transaction.atomic():
            _follow_phone(instance)


def _follow_phone(user):
    records = Talent.objects.locked().exclude(phone_index=user.phone_index)
    if talent := records.filter(user=user).first():
        talent.phone = user.phone
        talent.save(update_fields=["phone", "phone_index"])
        audit.record("talents.follow_phone", talent, by=None, at=timezone.now())
