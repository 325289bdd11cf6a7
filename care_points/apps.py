"""App configuration."""

from django.apps import AppConfig


class CarePointsConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "care_points"
    verbose_name = "关爱积分"
