"""Events that belong together: a monthly salon, a yearly forum."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from events.models.choices import Platform
from kernel import ids


class SeriesQuerySet(models.QuerySet):
    """Questions about series."""

    def public(self):
        """Keep what has a page."""
        return self.filter(is_visible=True)

    def visible_to(self, user):
        """Keep the series `user` may look after: her department's."""
        if not (user.is_staff and user.has_perm("events.view_series")):
            return self.none()
        return self if user.sees_all_departments else self.filter(department=user.department_id)


class Series(models.Model):
    """Events that belong together, under one name with a page and a calendar of their own."""

    code = models.CharField(
        _("系列编号"), max_length=12, unique=True, default=ids.code, editable=False
    )
    name = models.CharField(_("系列名称"), max_length=40)
    platform = models.CharField(_("依托平台"), max_length=20, choices=Platform, blank=True)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="series",
        verbose_name=_("主办部门"),
        db_index=False,
    )
    description = models.TextField(_("介绍"), max_length=1000, blank=True)
    is_visible = models.BooleanField(
        _("公开系列页面"),
        default=True,
        help_text=_("不勾选则没有页面和日历，各场活动照常公开"),
    )
    created_at = models.DateTimeField(_("创建时间"))
    updated_at = models.DateTimeField(_("更新时间"))

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动系列")
        verbose_name_plural = pgettext_lazy("many", "活动系列")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["department", "name"], name="series_name_once"),
            models.CheckConstraint(name="series_has_name", condition=~Q(name="")),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the address of its page."""
        return reverse("event_series", args=[self.code])
