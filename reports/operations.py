"""Asking for a monthly report and building it."""

import logging

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import rights
from kernel.days import month_bounds, month_of, months_after
from kernel.errors import Conflict, Invalid
from kernel.worker import nudge_on_commit
from notices import operations as notices
from privacy import audit
from reports import documents, figures
from reports.models import MonthlyReport, ReportState

logger = logging.getLogger(__name__)
FILES = ("xlsx", "pdf")
DAY_HOUR = 6  # last month's report is made on the first at 06:00 (Asia/Shanghai)


@transaction.atomic
def request_monthly(*, month, by, now):
    """Ask for the report of `month` (date of its first day); a worker builds it.

    Asking again while it waits or is being built changes nothing, after a failure tries it again; once it
    is issued, asking makes the next version and leaves the issued one as it was read. Raises Refused,
    Invalid for a month that is not over. Returns the MonthlyReport.
    """
    rights.require(by, "reports.request_monthlyreport")
    if month >= month_of(now):
        raise Invalid("month_not_over", _("这个月还没有结束，请下月再生成。"), field="month")
    report, created = MonthlyReport.objects.get_or_create(
        month=month, version=1, defaults={"requested_by": by, "requested_at": now}
    )
    if not created:
        # The first version's row stands for the month: who asks side by side waits here.
        MonthlyReport.objects.select_for_update().only("pk").get(pk=report.pk)
        report = MonthlyReport.objects.newest_of(month)
        if report.is_under_way(now):
            return report
        report = _next_version(report, by, now) if report.is_ready else _once_more(report, by, now)
    audit.record("reports.request_monthly", report, by=by, at=now, month=month.isoformat())
    nudge_on_commit("reports.tasks.build_reports")
    return report


def _next_version(report, by, now):
    return MonthlyReport.objects.create(
        month=report.month, version=report.version + 1, requested_by=by, requested_at=now
    )


def _once_more(report, by, now):
    report.state, report.requested_by, report.requested_at = ReportState.REQUESTED, by, now
    report.error_code = ""
    report.save(update_fields=["state", "requested_by", "requested_at", "error_code"])
    return report


def request_last_month(*, now):
    """Ask for last month's report once its time has come; a run that was missed is made up for."""
    month = months_after(month_of(now), -1)
    due_from = month_bounds(month)[1].replace(hour=DAY_HOUR)
    if now >= due_from and not MonthlyReport.objects.filter(month=month).exists():
        request_monthly(month=month, by=None, now=now)


def claim(report, *, now):
    """Take a due report for this worker; False when another one was quicker."""
    due = MonthlyReport.objects.due(now).filter(pk=report.pk, started_at=report.started_at)
    return bool(due.update(state=ReportState.BUILDING, started_at=now))


def build(*, report, now):
    """Count the month and write both files. A report somebody else claims meanwhile is left alone.

    Raises nothing for a document that cannot be made: the report is marked failed and says so.
    """
    if not claim(report, now=now):
        return
    claimed = MonthlyReport.objects.filter(pk=report.pk, started_at=now, state=ReportState.BUILDING)
    try:
        counted = figures.monthly(report.month, now=now)
        made = {
            "figures": counted,
            "xlsx": documents.workbook(counted, report.version, now),
            "pdf": documents.pdf(counted, report.version, now),
        }
    except Exception as error:
        logger.exception("monthly report %s failed", report.month)
        claimed.update(
            state=ReportState.FAILED, error_code=type(error).__name__[:60], finished_at=now
        )
        return
    with transaction.atomic():
        if claimed.update(state=ReportState.READY, finished_at=now, error_code="", **made):
            audit.record("reports.build", report, by=None, at=now)
            for person in _administrators():
                notices.queue("reports.ready", to=person, obj=report, at=now, month=report.month)


@transaction.atomic
def download(*, report, kind, by, now):
    """Return a file of a report, `kind` "xlsx" or "pdf", as (bytes, name); who took it is recorded.

    Raises Refused, Invalid for another kind, Conflict while the report is not ready.
    """
    rights.require(by, "reports.view_monthlyreport")
    if kind not in FILES:
        raise Invalid("unknown_kind", _("月报只有 Excel 和 PDF 两种文件。"), field="kind")
    if not report.is_ready:
        raise Conflict("not_ready", _("月报还没有生成，请稍后再下载。"))
    audit.record("reports.download", report, by=by, at=now, form=kind)
    return bytes(getattr(report, kind)), report.filename(kind)


def _administrators():
    """Return the active people in the administrators' group."""
    users = get_user_model().objects.filter(is_active=True, is_staff=True)
    return users.filter(groups__name="administrator").distinct()
