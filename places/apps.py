"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "places"
    verbose_name = _("场所")
