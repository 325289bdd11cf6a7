"""What programs show of a public event where its address is passed on."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.events import Event
from kernel.share_pictures import Picture


class SharePicture(Picture):
    """The picture of a public event as the worker drew it; there is none of any other event (events.share_pictures)."""

    event = models.OneToOneField(
        Event,
        models.CASCADE,
        primary_key=True,
        related_name="share_picture",
        verbose_name=_("活动"),
    )

    class Meta(Picture.Meta):
        verbose_name = _("活动的分享图片")
        verbose_name_plural = pgettext_lazy("many", "活动的分享图片")
