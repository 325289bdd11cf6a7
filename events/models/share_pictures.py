"""What programs show of a public event where its address is passed on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.events import Event
from kernel.sweeps import SweptQuerySet

MARK_LENGTH = 16


class SharePictureQuerySet(SweptQuerySet):
    """Questions about share pictures."""

    def to_draw(self):
        """Keep those that were asked for since they were drawn."""
        return self.filter(drawn_at=None)


class SharePicture(models.Model):
    """The picture of a public event as the worker drew it; there is none of any other event (events.share_pictures).

    `mark` tells what it says: its address ends with it, and a page names it only while it says what is true.
    """

    event = models.OneToOneField(
        Event,
        models.CASCADE,
        primary_key=True,
        related_name="share_picture",
        verbose_name=_("活动"),
    )
    mark = models.CharField(max_length=MARK_LENGTH, blank=True)
    png = models.BinaryField(default=bytes)
    drawn_at = models.DateTimeField(null=True, blank=True)
    sweep_failures = models.PositiveSmallIntegerField(default=0)

    objects = SharePictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动的分享图片")
        verbose_name_plural = pgettext_lazy("many", "活动的分享图片")
        constraints = (
            models.CheckConstraint(
                name="share_picture_drawn_has_mark",
                condition=Q(drawn_at=None) | ~Q(mark=""),
            ),
        )
        indexes = (
            models.Index(
                fields=["event"], name="share_picture_to_draw", condition=Q(drawn_at=None)
            ),
        )

    def __str__(self):
        return self.mark
