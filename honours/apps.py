"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HonoursConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "honours"
    verbose_name = _("荣誉")
