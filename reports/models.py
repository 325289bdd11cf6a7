"""Monthly reports: figures, and the Excel and PDF files made of them."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.words import month_text

# A worker that was killed leaves a report in building; after this long another one takes it up.
GIVEN_UP_AFTER = timedelta(minutes=10)
TRIED_AGAIN_AFTER = timedelta(hours=1)


class ReportState(models.TextChoices):
    """Where a report stands; changed by reports.operations alone."""

    REQUESTED = "requested", _("等待生成")
    BUILDING = "building", _("生成中")
    READY = "ready", _("已生成")
    FAILED = "failed", _("生成失败")


class MonthlyReportQuerySet(models.QuerySet):
    """Questions about reports."""

    def visible_to(self, user):
        """Keep all for staff who may read reports: they hold counts, nobody's record."""
        if not user.is_authenticated or not user.is_active or not user.is_staff:
            return self.none()
        return self.all() if user.has_perm("reports.view_monthlyreport") else self.none()

    def due(self, at):
        """Keep what a worker should build: asked for, left behind by a worker that died, or failed."""
        stale = Q(state=ReportState.BUILDING, started_at__lte=at - GIVEN_UP_AFTER)
        failed = Q(state=ReportState.FAILED, finished_at__lte=at - TRIED_AGAIN_AFTER)
        return self.filter(Q(state=ReportState.REQUESTED) | stale | failed)

    def newest_of(self, month):
        """Return the newest version of a month's report, or None."""
        return self.filter(month=month).without_files().order_by("-version").first()

    def without_files(self):
        """Leave the two files in the database."""
        return self.defer("xlsx", "pdf")


class MonthlyReport(models.Model):
    """The figures of one calendar month (Asia/Shanghai), as they were counted once.

    A report that was issued stays as it was read: counting the month again makes another version.

    The files (some 100 KB a month) live in the row: a report is ready with both or not at all, every
    web server sees them, and a backup of the database is a backup of the reports.
    """

    month = models.DateField(_("月份"))
    version = models.PositiveSmallIntegerField(_("版次"), default=1)
    state = models.CharField(
        _("状态"), max_length=10, choices=ReportState, default=ReportState.REQUESTED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("申请人"),
    )
    requested_at = models.DateTimeField(_("申请时间"))
    started_at = models.DateTimeField(_("开始生成"), null=True, blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    error_code = models.CharField(_("失败原因"), max_length=60, blank=True)
    figures = models.JSONField(_("数据"), null=True, blank=True)
    xlsx = models.BinaryField(null=True, blank=True)
    pdf = models.BinaryField(null=True, blank=True)

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("数据月报")
        verbose_name_plural = pgettext_lazy("many", "数据月报")
        ordering = ["-month", "-version"]
        permissions = [("request_monthlyreport", _("可以生成数据月报"))]
        constraints = [
            models.UniqueConstraint(fields=["month", "version"], name="report_version_once"),
            models.CheckConstraint(name="report_first_of_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="report_ready_has_files",
                condition=~Q(state="ready")
                | Q(
                    xlsx__isnull=False,
                    pdf__isnull=False,
                    figures__isnull=False,
                    finished_at__isnull=False,
                ),
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        """Return the month as 2026年2月, in English as February 2026; a later version says so."""
        if self.version == 1:
            return month_text(self.month)
        words = {"month": month_text(self.month), "version": self.version}
        return gettext("%(month)s（第 %(version)s 版）") % words

    @property
    def is_ready(self):
        """Tell whether the files can be downloaded."""
        return self.state == ReportState.READY

    def is_under_way(self, at):
        """Tell whether a worker has it or will take it up shortly."""
        if self.state == ReportState.BUILDING:
            return at < self.started_at + GIVEN_UP_AFTER
        return self.state == ReportState.REQUESTED

    def filename(self, extension):
        """Return the name a downloaded file gets, with the extension "xlsx" or "pdf"."""
        version = f"-第{self.version}版" if self.version > 1 else ""
        return f"数据月报-{self.month:%Y-%m}{version}.{extension}"
