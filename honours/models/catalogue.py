"""The honours there are, and which of them a call leads to."""

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from kernel import ids
from kernel.sweeps import SweptQuerySet


class Level(models.TextChoices):
    """Who stands behind an honour."""

    NATIONAL = "national", _("国家级")
    MUNICIPAL = "municipal", _("市级")
    DISTRICT = "district", _("区级")


class ForWhom(models.TextChoices):
    """What is honoured."""

    PERSON = "person", _("个人")
    TEAM = "team", pgettext_lazy("honour", "集体")
    POST = "post", pgettext_lazy("honour", "岗位（文明岗）")


class HonourQuerySet(models.QuerySet):
    """Questions about the catalogue."""

    def visible_to(self, user):
        """Keep all for staff who may read it."""
        may = user.is_staff and user.has_perm("honours.view_honour")
        return self if may else self.none()

    def current(self):
        """Keep those that are still granted."""
        return self.filter(is_current=True)


class Honour(models.Model):
    """One honour, as staff keep the catalogue."""

    code = models.SlugField(_("代码"), max_length=40, unique=True, default=ids.code, editable=False)
    name = models.CharField(
        _("名称"),
        max_length=60,
        help_text=_("写全称，如“全国三八红旗手”；上级的人才项目、留创计划也登记在这里"),
    )
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    for_whom = models.CharField(_("授予对象"), max_length=8, choices=ForWhom)
    granted_by = models.CharField(_("授予单位"), max_length=80, blank=True)
    standard_code = models.CharField(
        _("标准代码"),
        max_length=20,
        blank=True,
        help_text=_("国家标准 GB/T 8563.2 中的荣誉称号代码，没有可以不填"),
    )
    is_current = models.BooleanField(_("还在评选"), default=True)

    objects = HonourQuerySet.as_manager()

    class Meta:
        verbose_name = _("荣誉称号")
        verbose_name_plural = pgettext_lazy("many", "荣誉称号")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="honour_name_once",
                violation_error_message=_("目录里已有同名的荣誉。"),
            )
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        """Return its name in the reader's language, where there is one in it."""
        return (self.name_en if get_language() == "en" else "") or self.name

    @property
    def names(self):
        """Return its name in both languages, as notices keep it."""
        return {"zh-hans": self.name, "en": self.name_en or self.name}

    @property
    def is_ours(self):
        """Tell whether the district grants it itself; to what others grant it only recommends."""
        return self.level == Level.DISTRICT

    @property
    def is_personal(self):
        """Tell whether one person is honoured by it."""
        return self.for_whom == ForWhom.PERSON


class CallHonourQuerySet(SweptQuerySet):
    """Questions about what calls lead to."""

    def to_suggest(self, at):
        """Keep those whose call takes applications and whose reserves have not been told."""
        return self.filter(suggested_at=None, call__in=Call.objects.taking(at).order_by())


class CallHonour(models.Model):
    """What those selected by a call receive: an honour of the district's own, or a recommendation to whoever grants it.

    Here and not a field of the call, because calls know no honours.
    """

    call = models.OneToOneField(
        Call,
        models.PROTECT,
        primary_key=True,
        related_name="leads_to",
        verbose_name=_("申报通知"),
    )
    honour = models.ForeignKey(
        Honour, models.PROTECT, related_name="calls", verbose_name=_("荣誉称号")
    )
    # When those on reserve of an earlier call were told that this one takes applications.
    suggested_at = models.DateTimeField(null=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = CallHonourQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("申报授予的荣誉")

    def __str__(self):
        return f"{self.call.label} → {self.honour.label}"

    def get_absolute_url(self):
        """Return the call's public page."""
        return reverse("call", args=[self.call.code])
