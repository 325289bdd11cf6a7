"""What staff do on site beside checking in: seats of the late given on, the word said at an online event."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.bookings import Booking, Childcare
from events.models.events import Event


class GivenSeat(models.Model):
    """The seat of one who had not come, given to one who waited on site; one press gives several, and takes them back."""

    late = models.ForeignKey(
        Booking, models.CASCADE, related_name="given_seats", verbose_name=_("没有到的报名")
    )
    to = models.ForeignKey(
        Booking, models.CASCADE, related_name="got_seats", verbose_name=_("现场候补的报名")
    )
    given_at = models.DateTimeField(_("让出时间"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("办理人"),
    )
    # What came with the seat and goes back with it.
    childcare = models.CharField(_("儿童托管"), max_length=10, choices=Childcare, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("让出的席位")
        verbose_name_plural = _("让出的席位")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["late"], name="given_seat_once", condition=Q(undone_at=None)
            ),
            models.CheckConstraint(name="given_seat_to_another", condition=~Q(late=models.F("to"))),
        ]

    def __str__(self):
        return str(self.pk)


class CodeWord(models.Model):
    """The word staff say at an event; who types it while it is held was there."""

    event = models.OneToOneField(
        Event, models.CASCADE, related_name="code_word", verbose_name=_("活动")
    )
    word = models.CharField(_("口令"), max_length=20)
    set_at = models.DateTimeField(_("设定时间"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("设定人"),
    )

    class Meta:
        verbose_name = _("口令")
        verbose_name_plural = _("口令")

    def __str__(self):
        return str(self.event)


class MeetingList(models.Model):
    """One list of a meeting tool as it was applied; its times are passages, undone together. The file is not kept."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="meeting_lists", verbose_name=_("活动")
    )
    # Made when the preview was shown: pressing twice applies it once.
    key = models.UUIDField(unique=True, editable=False)
    people = models.PositiveIntegerField(_("人数"))
    applied_at = models.DateTimeField(_("登记时间"))
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("会议名单")
        verbose_name_plural = _("会议名单")
        ordering = ["-id"]

    def __str__(self):
        return str(self.event)
