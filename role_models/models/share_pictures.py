"""What programs show of a story where its address is passed on."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.share_pictures import Picture
from role_models.models.stories import Story


class StorySharePicture(Picture):
    """The picture of a story everybody may read, as the worker drew it; there is none of any other story."""

    story = models.OneToOneField(
        Story,
        models.CASCADE,
        primary_key=True,
        related_name="share_picture",
        verbose_name=_("榜样故事"),
    )

    class Meta(Picture.Meta):
        verbose_name = _("故事的分享图片")
        verbose_name_plural = pgettext_lazy("many", "故事的分享图片")
