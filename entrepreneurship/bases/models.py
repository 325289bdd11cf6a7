"""The bases measure 4 names, what they offer, and what women ask them for."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Unit

LAPSES_AFTER = timedelta(days=180)
SOON = timedelta(days=30)


class BaseKind(models.TextChoices):
    """The six kinds of the policy (measure 4)."""

    DEMONSTRATION = "demonstration_zone", _("国家自主创新示范区")
    DUAL = "dual_base", _("国家双创示范基地")
    OFFSHORE = "offshore_base", _("国家海外人才离岸创新创业基地")
    RETURNEE = "returnee_park", _("留创园")
    POSTDOCTORAL = "postdoc_park", _("博创园")
    ASSOCIATION = "returned_scholars", _("欧美同学会")


class BaseQuerySet(models.QuerySet):
    """Questions about bases."""

    def visible_to(self, user):
        """Keep for staff all of them, one list for all departments; others read the public page."""
        if user.is_staff and user.has_perm("entrepreneurship.view_base"):
            return self
        return self.none()

    def shown(self):
        """Keep those the public page names."""
        return self.filter(is_open=True)


class Base(models.Model):
    """One base. `unit` runs it; `owner` answers what women ask for: a member of staff, or the unit's contact."""

    kind = models.CharField(_("类别"), max_length=20, choices=BaseKind)
    name = models.CharField(_("名称"), max_length=80, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    summary = models.CharField(_("简介"), max_length=300, blank=True)
    summary_en = models.CharField(_("英文简介"), max_length=600, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("主管部门")
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bases",
        verbose_name=_("运营单位"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("受理人"),
    )
    is_open = models.BooleanField(_("对外公布"), default=True)
    created_at = models.DateTimeField(_("登记时间"))

    objects = BaseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "创新创业基地")
        verbose_name_plural = pgettext_lazy("many", "创新创业基地")
        ordering = ["kind", "name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return its page."""
        return reverse("base", args=[self.pk])

    @property
    def label(self):
        """Return its name in the reader's language."""
        return (get_language() == "en" and self.name_en) or self.name

    @property
    def words(self):
        """Return what it is in the reader's language."""
        return (get_language() == "en" and self.summary_en) or self.summary
