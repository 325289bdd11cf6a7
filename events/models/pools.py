"""Seats of an event that are kept back for some: its women's track, a unit's quota."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit
from events.models.events import Event


class PoolKind(models.TextChoices):
    """For whom seats are kept back."""

    TRACK = "track", _("女性专场")
    UNIT = "unit", _("单位名额")


class PoolQuerySet(models.QuerySet):
    """Questions about kept seats."""

    def closed(self):
        """Keep those that are still kept for some."""
        return self.filter(opened_at=None)

    def with_arrivals(self):
        """Add `came`: how many of those who sit in it came."""
        arrived = models.Count("bookings", filter=Q(bookings__checked_in_at__isnull=False))
        return self.select_related("unit").annotate(came=arrived)

    def to_open(self, at):
        """Keep those whose time is over: what is free of them goes to everybody."""
        return self.closed().filter(
            opens_to_all_at__lte=at, event__state="published", event__starts_at__gt=at
        )


class Pool(models.Model):
    """Seats out of an event's capacity for whoever asks for the track, or for one unit's people.

    `taken` is kept by the trigger of migration 0002, as is the event's `kept`: the seats of its pools nobody has.
    Once opened the free ones are everybody's, and nobody new sits in it.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="pools", verbose_name=_("活动"))
    kind = models.CharField(_("保留给"), max_length=10, choices=PoolKind)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    label = models.CharField(_("名称"), max_length=40, blank=True)
    seats = models.PositiveIntegerField(_("保留席位"))
    taken = models.PositiveIntegerField(_("已报名"), default=0, editable=False)
    opens_to_all_at = models.DateTimeField(
        _("何时向所有人开放"),
        null=True,
        blank=True,
        help_text=_("留空则一直保留；到时空余席位按候补顺序给其他人"),
    )
    opened_at = models.DateTimeField(_("开放时间"), null=True, blank=True, editable=False)

    objects = PoolQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "保留席位")
        verbose_name_plural = pgettext_lazy("many", "保留席位")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "unit"],
                name="pool_once",
                nulls_distinct=False,
                condition=Q(opened_at=None),
            ),
            models.CheckConstraint(
                name="pool_unit_of_its_kind",
                condition=Q(kind="unit", unit__isnull=False) | Q(kind="track", unit__isnull=True),
            ),
            models.CheckConstraint(name="pool_has_seats", condition=Q(seats__gte=1)),
            models.CheckConstraint(
                name="pool_not_oversold",
                condition=Q(taken__lte=F("seats")) | Q(opened_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["opens_to_all_at"], name="pool_to_open", condition=Q(opened_at=None)
            )
        ]

    def __str__(self):
        return self.label or (self.unit.name if self.unit else self.get_kind_display())

    @property
    def left(self):
        """Return the seats of it nobody has."""
        return max(self.seats - self.taken, 0)

    def is_for(self, unit_id, wants_track):
        """Tell whether a woman of that unit, who asks for the track or not, may sit in it."""
        return wants_track if self.kind == PoolKind.TRACK else self.unit_id == unit_id
