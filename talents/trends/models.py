"""Trends as they were computed last; pages read them, beat writes them every night."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Department


class TrendFigures(models.Model):
    """The figures of one department's women, of all for none. One row each, written anew."""

    department = models.OneToOneField(
        Department, models.CASCADE, null=True, verbose_name=_("部门"), related_name="+"
    )
    computed_at = models.DateTimeField(_("计算时间"))
    figures = models.JSONField()

    class Meta:
        verbose_name = verbose_name_plural = _("发展趋势")
        constraints = [
            models.UniqueConstraint(
                models.Value(1), name="trends_of_all_once", condition=models.Q(department=None)
            )
        ]

    def __str__(self):
        return str(self.department or _("全部"))
