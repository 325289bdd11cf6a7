"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "notices"
    verbose_name = _("通知")
