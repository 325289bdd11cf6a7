"""Who went in and out, and when: what the door noted, one row for each time."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.bookings import Booking
from events.models.on_site import MeetingList


class Way(models.TextChoices):
    """Which way she went."""

    IN = "in", _("进场")
    OUT = "out", _("离场")
    HERE = "here", _("在场候补")


class Source(models.TextChoices):
    """How it is known."""

    DOOR = "door", _("门口签到")
    SELF = "self", _("扫现场屏幕")
    WORD = "word", _("输入口令")
    LIST = "list", _("会议名单")
    CORRECTION = "correction", _("事后更正")


class PassageQuerySet(models.QuerySet):
    """Questions about passages."""

    def standing(self):
        """Keep what counts: neither taken back nor put right by a correction."""
        return self.filter(taken_back_at=None, replaced_by=None)


class Passage(models.Model):
    """One time she went in or out, or waits at the door for a seat. Only ever taken back, never changed.

    Rows may come late and in any order (a phone without network keeps them): what they mean together is read
    from their moments alone (`events.minutes`).
    """

    booking = models.ForeignKey(
        Booking, models.CASCADE, related_name="passages", verbose_name=_("报名"), db_index=False
    )
    way = models.CharField(_("进出"), max_length=4, choices=Way)
    source = models.CharField(_("依据"), max_length=10, choices=Source, default=Source.DOOR)
    at = models.DateTimeField(_("时间"))
    noted_at = models.DateTimeField(_("登记时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    # Made by the phone that scanned: what it sends twice is noted once.
    scan_id = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    meeting_list = models.ForeignKey(
        MeetingList,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="passages",
        verbose_name=_("会议名单"),
    )
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    taken_back_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("撤销人"),
    )
    replaced_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("更正为"),
    )

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = _("进出记录")
        verbose_name_plural = _("进出记录")
        ordering = ["booking", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="passage_not_in_future", condition=Q(at__lte=models.F("noted_at"))
            ),
            models.CheckConstraint(
                name="passage_correction_has_reason",
                condition=~Q(source="correction") | ~Q(reason=""),
            ),
        ]
        indexes = [models.Index(fields=["booking", "at", "id"], name="passage_booking")]

    def __str__(self):
        return str(self.pk)

    @property
    def stands(self):
        """Tell whether it counts."""
        return self.taken_back_at is None and self.replaced_by_id is None
