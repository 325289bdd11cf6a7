"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallsConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "calls"
    verbose_name = _("申报")
