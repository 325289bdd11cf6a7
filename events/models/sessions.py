"""The agenda of an event: its sessions, and who speaks in them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.events import Event
from events.models.spans import Span
from talents.models import Talent


class Sex(models.TextChoices):
    """GB/T 2261.1, as far as the share of women among the speakers needs it."""

    MALE = "1", _("男")
    FEMALE = "2", _("女")


class Session(models.Model):
    """One part of an event's agenda; written by events.operations.set_agenda alone."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="sessions", verbose_name=_("活动"), db_index=False
    )
    title = models.CharField(_("内容"), max_length=80)
    # Where there is one room, it is left empty: then nothing overlaps at all.
    room = models.CharField(_("会场"), max_length=60, blank=True)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))

    class Meta:
        verbose_name = _("议程")
        verbose_name_plural = pgettext_lazy("many", "议程")
        ordering = ["starts_at", "room", "id"]
        indexes = [models.Index(fields=["event", "starts_at", "room"], name="session_event")]
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
            # Deferred: an agenda is written as a whole, and its sessions may change places.
            ExclusionConstraint(
                name="session_room_once",
                expressions=[
                    ("event", RangeOperators.EQUAL),
                    ("room", RangeOperators.EQUAL),
                    (Span("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def minutes(self):
        """Return how long it is, in minutes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def time_text(self):
        """Return its time of day in Chongqing: 14:00–14:40."""
        start, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{start:%H:%M}–{end:%H:%M}"

    @property
    def day(self):
        """Return the day it is held, by Shanghai's calendar."""
        return timezone.localdate(self.starts_at)


class SpeakerQuerySet(models.QuerySet):
    """Questions about speakers."""

    def named(self):
        """Keep those whose name is shown: of a woman who was erased the row is only counted."""
        return self.exclude(talent=None, guest_name="")


class Speaker(models.Model):
    """Who speaks in a session: a woman of the database, or a guest by the name that is printed anyway.

    Neither of the two is left of a woman who was erased; she stays counted.
    """

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="speakers", verbose_name=_("议程"), db_index=False
    )
    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        related_name="speaking",
        verbose_name=_("人才"),
        null=True,
        blank=True,
    )
    guest_name = models.CharField(_("嘉宾姓名"), max_length=60, blank=True)
    unit = models.CharField(_("单位"), max_length=60, blank=True)
    position = models.CharField(_("职务"), max_length=80, blank=True)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        verbose_name = _("主讲人")
        verbose_name_plural = pgettext_lazy("many", "主讲人")
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["session", "order"], name="speaker_session")]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "talent"],
                name="speaker_once",
                condition=Q(talent__isnull=False),
            ),
            models.CheckConstraint(
                name="speaker_talent_or_guest",
                condition=Q(talent__isnull=True) | Q(guest_name="", unit="", position=""),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def event(self):
        """Return the event she speaks at."""
        return self.session.event

    @property
    def name(self):
        """Return what she is called on the page; "" where she was erased."""
        return self.talent.full_name if self.talent_id else self.guest_name

    @property
    def shown_unit(self):
        """Return her unit, of a woman of the database as her record has it now."""
        return self.talent.unit_name if self.talent_id else self.unit

    @property
    def shown_position(self):
        """Return her position, of a woman of the database as her record has it now."""
        return self.talent.position if self.talent_id else self.position

    @property
    def what(self):
        """Return unit and position in one line."""
        return f"{self.shown_unit} {self.shown_position}".strip()
