"""That somebody is to be erased, and that she was."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.sweeps import SweptQuerySet


class Ground(models.TextChoices):
    """On what ground somebody is erased."""

    HERSELF = "herself", _("本人在线申请")
    WRITTEN = "written", _("本人书面申请，经办人代办")
    RESTORED = "restored", _("恢复备份后重新删除")


class ErasureState(models.TextChoices):
    """Where an erasure stands; changed by talents.erasure.operations alone."""

    WAITING = "waiting", _("等待期")
    WITHDRAWN = "withdrawn", pgettext_lazy("erasure", "已撤回")
    DONE = "done", pgettext_lazy("erasure", "已删除")


class ErasureQuerySet(SweptQuerySet):
    """Questions about erasures."""

    def visible_to(self, user):
        """Keep her own; for staff who may ask for one, those of their department's records."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if not user.is_staff or not user.has_perm("talents.view_erasure"):
            return self.filter(user=user)
        if user.sees_all_departments:
            return self
        return self.filter(talent__department=user.department_id)

    def waiting(self):
        """Keep those that are still to come."""
        return self.filter(state=ErasureState.WAITING)

    def due(self, at):
        """Keep those whose time to take it back is over."""
        return self.waiting().filter(due_at__lte=at)


class Erasure(models.Model):
    """One person who is to be erased: her account, her record, or both.

    Both rows stay behind without anything that says who she was, so that sums and links hold.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("账号"),
    )
    talent = models.ForeignKey(
        "talents.Talent", models.PROTECT, null=True, related_name="+", verbose_name=_("档案")
    )
    ground = models.CharField(_("依据"), max_length=10, choices=Ground)
    state = models.CharField(_("状态"), max_length=10, choices=ErasureState, default="waiting")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    asked_at = models.DateTimeField(_("申请时间"))
    due_at = models.DateTimeField(_("删除时间"))
    ended_at = models.DateTimeField(_("办结时间"), null=True)
    # What each app did, as counts by its label: figures, nobody's data.
    counts = models.JSONField(_("已处理"), default=dict)
    sweep_failures = models.PositiveSmallIntegerField(_("失败次数"), default=0, editable=False)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("删除个人信息")
        ordering = ["-id"]
        permissions = [("retry_erasure", _("可以重试没有成功的删除"))]
        constraints = [
            models.CheckConstraint(
                name="erasure_is_about_somebody",
                condition=Q(user__isnull=False) | Q(talent__isnull=False),
            ),
            models.CheckConstraint(
                name="erasure_ended_has_time",
                condition=Q(state="waiting", ended_at=None)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["user"], name="erasure_of_user_once", condition=Q(state="waiting")
            ),
            models.UniqueConstraint(
                fields=["talent"], name="erasure_of_record_once", condition=Q(state="waiting")
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="erasure_due", condition=Q(state="waiting"))
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_waiting(self):
        """Tell whether it can still be taken back."""
        return self.state == ErasureState.WAITING
