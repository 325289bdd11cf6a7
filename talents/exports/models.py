"""A long list on its way out: who asked for what and why, and the finished file in encrypted pieces."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from privacy.fields import EncryptedTextField


class ExportState(models.TextChoices):
    """Where an export stands."""

    WRITING = "writing", _("正在生成")
    READY = "ready", _("可以下载")
    FAILED = "failed", _("没有生成")
    CANCELLED = "cancelled", _("已取消")
    DROPPED = "dropped", _("已删除")


class ExportQuerySet(models.QuerySet):
    """Questions about exports."""

    def visible_to(self, user):
        """Keep her own: nobody else sees what she took, or that she did; auditors read the log."""
        if not user.is_authenticated or not user.is_active or not user.is_staff:
            return self.none()
        return self.filter(by=user)

    def abandoned(self, since):
        """Keep those to be written that no worker has touched after `since`."""
        return self.filter(state=ExportState.WRITING).filter(
            Q(heartbeat_at=None) | Q(heartbeat_at__lt=since)
        )


class Export(models.Model):
    """One long list, asked for as it stood: `rows` are its records in their order.

    `department` is the one she could see then, null for who saw all. `worker` is the token of the process
    that writes it, as of an import run (talents.imports.models).
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    reason = models.CharField(_("理由"), max_length=200)
    full = models.BooleanField(_("完整号码"), default=False)
    columns = models.JSONField(editable=False)
    rows = ArrayField(models.BigIntegerField(), default=list, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=ExportState, default="writing")
    total = models.PositiveIntegerField(_("人数"), default=0)
    processed = models.PositiveIntegerField(_("已处理"), default=0)
    size = models.PositiveBigIntegerField(_("大小"), default=0)
    asked_at = models.DateTimeField(_("申请时间"))
    ready_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    expires_at = models.DateTimeField(_("保留至"), null=True, blank=True)
    worker = models.CharField(max_length=32, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    heartbeat_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("我的导出")
        verbose_name_plural = pgettext_lazy("many", "我的导出")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["by"], name="export_one_at_a_time", condition=Q(state="writing")
            ),
        ]

    def __str__(self):
        return self.reason

    @property
    def is_working(self):
        """Tell whether the worker still has something to do."""
        return self.state == ExportState.WRITING

    @property
    def percent(self):
        """Return the progress, 0 to 100."""
        return min(100, self.processed * 100 // self.total) if self.total else 0


class ExportPiece(models.Model):
    """A megabyte of the file; a whole one would take fifteen times its size of memory."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="pieces", db_index=False)
    number = models.PositiveIntegerField()
    content = EncryptedTextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["export", "number"], name="export_piece_once"),
        )

    def __str__(self):
        return f"piece {self.number} of export {self.export_id}"
