"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "reports"
    verbose_name = _("统计与报表")
