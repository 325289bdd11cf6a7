"""Celery's entry to the monthly reports."""

from celery import shared_task
from django.utils import timezone

from reports import operations
from reports.models import MonthlyReport


@shared_task
def build_reports():
    """Ask for last month's report when its time has come, and build whatever is asked for."""
    operations.request_last_month(now=timezone.now())
    for report in MonthlyReport.objects.due(timezone.now()).without_files().order_by("month"):
        operations.build(report=report, now=timezone.now())
