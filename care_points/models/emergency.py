"""Whom to call now: the numbers that stand first on pages of private services and of vouchers."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

CHECKED_EVERY = timedelta(days=180)


class EmergencyNumberQuerySet(models.QuerySet):
    """Questions about emergency numbers."""

    def visible_to(self, user):
        """Keep every number: they are public."""
        return self

    def shown(self):
        """Keep those that stand on pages, in their order."""
        return self.filter(active=True).order_by("order", "pk")

    def to_check(self, at):
        """Keep those on pages that nobody has rung up or looked up for CHECKED_EVERY, or ever."""
        before = timezone.localdate(at - CHECKED_EVERY)
        return self.filter(Q(checked_on=None) | Q(checked_on__lt=before), active=True)


class EmergencyNumber(models.Model):
    """A number to call, for what, when it answers, and when somebody last checked that it does."""

    number = models.CharField(_("号码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=20)
    name_en = models.CharField(_("英文名称"), max_length=40, blank=True)
    hours = models.CharField(
        _("接听时间"),
        max_length=30,
        blank=True,
        help_text=_("如“每天 8:00-20:00”；24 小时的留空。"),
    )
    order = models.PositiveSmallIntegerField(_("次序"), default=100)
    active = models.BooleanField(_("显示"), default=True)
    checked_on = models.DateField(_("最近核对"), null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("核对人"),
    )

    objects = EmergencyNumberQuerySet.as_manager()

    class Meta:
        verbose_name = _("紧急求助号码")
        verbose_name_plural = pgettext_lazy("many", "紧急求助号码")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                name="emergency_number_is_one", condition=Q(number__regex=r"^[0-9][0-9-]{2,19}$")
            ),
            models.CheckConstraint(
                name="emergency_checked_by_somebody",
                condition=Q(checked_on=None, checked_by=None)
                | Q(checked_on__isnull=False, checked_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def label(self):
        """Return what it is for, in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name
