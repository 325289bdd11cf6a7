"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CarePointsConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "care_points"
    verbose_name = _("关爱积分")
