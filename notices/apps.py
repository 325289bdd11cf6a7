"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class NoticesConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "notices"
    verbose_name = pgettext_lazy("many", "通知")
