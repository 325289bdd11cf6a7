"""App configuration."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "notices"
    verbose_name = "通知"
