"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class NetworksConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "networks"
    verbose_name = pgettext_lazy("networks", "协会社团")
