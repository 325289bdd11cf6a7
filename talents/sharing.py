"""Who a unit may read through the API, and who it may read no more.

Rows are written by triggers alone (migration 0002_sharing), so whatever changes a record or an answer, an
operation or a hand in the database, the unit's next call knows: agreed, withdrawn, left the database,
moved to another unit, erased.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit


class SharedRecordQuerySet(models.QuerySet):
    """Questions about what units read."""

    def readable_by(self, unit_id):
        """Keep the verified people of the unit whose newest answer agrees to be shown to it."""
        return self.filter(unit=unit_id, shared=True)

    def changed_since(self, moment):
        """Keep what a unit should hear about: people who changed or agreed, and those who are gone."""
        return self.filter(
            Q(changed_at__gte=moment) | Q(shared=True, talent__updated_at__gte=moment)
        )


class SharedRecord(models.Model):
    """That a unit reads one person (`shared`), or read her once: then only her code is left, as a tombstone."""

    unit = models.ForeignKey(
        Unit, models.CASCADE, related_name="+", verbose_name=_("单位"), db_index=False
    )
    code = models.CharField(_("人才编号"), max_length=12)
    talent = models.ForeignKey("talents.Talent", models.SET_NULL, null=True, related_name="+")
    shared = models.BooleanField(_("向单位提供"))
    changed_at = models.DateTimeField(_("变化时间"))

    objects = SharedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("向单位提供的记录")
        constraints = [
            # How a unit pages through its people.
            models.UniqueConstraint(name="shared_once", fields=["unit", "code"])
        ]

    def __str__(self):
        return self.code
