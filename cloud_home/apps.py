"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CloudHomeConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "cloud_home"
    verbose_name = _("云之家")
