"""Tables by which a unit proposes its people for an event."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from events.models.events import Event


class GroupBooking(models.Model):
    """A table a unit sent for one event, under its own key: a repeated request changes nothing."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", db_index=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("单位推荐")
        constraints = (models.UniqueConstraint(fields=["unit", "key"], name="group_booking_once"),)

    def __str__(self):
        return f"{self.unit_id} {self.at:%Y-%m-%d}"
