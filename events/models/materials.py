"""Materials of an event: slides, handouts, the link of a recording; who may read each, and its earlier versions."""

from datetime import timedelta

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Deferrable, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.events import Event
from events.models.sessions import Session
from kernel import ids
from privacy.pieces import Piece

CODE_LENGTH = 16
VERSIONS_KEPT = timedelta(days=30)


class Audience(models.TextChoices):
    """Who may read it."""

    EVERYBODY = "everybody", _("所有人")
    SEATED = "seated", _("报名成功的人")
    CAME = "came", _("到场的人")


class MaterialLanguage(models.TextChoices):
    """The language it is in, where that is worth saying."""

    CHINESE = "zh", _("中文")
    ENGLISH = "en", _("英文")
    BOTH = "both", _("中英双语")


def new_code():
    """Return what its address ends with."""
    return ids.code(CODE_LENGTH)


class MaterialQuerySet(models.QuerySet):
    """Questions about materials."""

    def standing(self):
        """Keep what is not withdrawn."""
        return self.filter(withdrawn_at=None)

    def shown(self):
        """Keep what pages list, in its order, with the session and the file as it is now."""
        now = MaterialFile.objects.filter(replaced_at=None)
        return (
            self.standing()
            .select_related("session")
            .prefetch_related(Prefetch("files", now))
            .order_by("order", "pk")
        )


class Material(models.Model):
    """One material: a file with its versions, or a link; written by events.operations alone."""

    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    event = models.ForeignKey(
        Event, models.CASCADE, related_name="materials", verbose_name=_("活动"), db_index=False
    )
    session = models.ForeignKey(
        Session,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="materials",
        verbose_name=_("属于哪一节"),
    )
    title = models.CharField(_("标题"), max_length=80)
    language = models.CharField(_("语言"), max_length=4, choices=MaterialLanguage, blank=True)
    audience = models.CharField(
        _("谁能看"), max_length=10, choices=Audience, default=Audience.SEATED
    )
    # Of a recording that lies elsewhere; a material without one has files.
    link = models.CharField(
        _("链接"), max_length=300, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    order = models.PositiveSmallIntegerField(_("顺序"))
    # How often the file was fetched by others than staff; nobody notes who.
    downloads = models.PositiveIntegerField(_("下载次数"), default=0, editable=False)
    added_at = models.DateTimeField(_("添加时间"))
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "活动资料")
        verbose_name_plural = pgettext_lazy("many", "活动资料")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "order"],
                name="material_order_once",
                deferrable=Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="material_link_is_https", condition=Q(link="") | Q(link__startswith="https://")
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return where it is fetched."""
        return reverse("material", args=[self.code])

    @property
    def file(self):
        """Return the MaterialFile as it is now, None of a link."""
        return next((file for file in self.files.all() if file.replaced_at is None), None)

    @property
    def is_withdrawn(self):
        """Tell whether staff took it down."""
        return self.withdrawn_at is not None

    @property
    def is_for_everybody(self):
        """Tell whether whoever reads the event's page may read it."""
        return self.audience == Audience.EVERYBODY


class MaterialFile(models.Model):
    """One version of a material's file; replaced, it is kept for VERSIONS_KEPT, so that it can be put back."""

    material = models.ForeignKey(Material, models.CASCADE, related_name="files", db_index=False)
    number = models.PositiveSmallIntegerField(_("版本"))
    file_name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(_("文件类型"), max_length=4)
    size = models.PositiveIntegerField(_("大小"))
    added_at = models.DateTimeField(_("上传时间"))
    replaced_at = models.DateTimeField(_("替换时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("活动资料的版本")
        verbose_name_plural = pgettext_lazy("many", "活动资料的版本")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["material", "number"], name="material_file_number"),
            models.UniqueConstraint(
                fields=["material"], name="material_file_now_once", condition=Q(replaced_at=None)
            ),
        ]
        indexes = [models.Index(fields=["replaced_at"], name="material_file_replaced")]

    def __str__(self):
        return self.file_name

    @property
    def kept_until(self):
        """Return when a replaced version is deleted; None of the one that is shown."""
        return self.replaced_at and self.replaced_at + VERSIONS_KEPT


class MaterialPiece(Piece):
    """A megabyte of a version."""

    file = models.ForeignKey(MaterialFile, models.CASCADE, related_name="pieces", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["file", "number"], name="material_piece_once"),
        )
