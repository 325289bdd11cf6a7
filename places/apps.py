"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from places import holidays


class PlacesConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "places"
    verbose_name = _("场所")

    def ready(self):
        """Watch what staff enter of the calendar."""
        holidays.watch()
