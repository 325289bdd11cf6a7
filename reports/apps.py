"""App configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "reports"
    verbose_name = "统计与报表"
