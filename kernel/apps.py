"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kernel import public_pages


class KernelConfig(AppConfig):
    """Holds the ground: template tags, one migration, nothing about people."""

    name = "kernel"
    verbose_name = _("门户")

    def ready(self):
        """Name the models whose rows public pages show."""
        public_pages.watch(
            "accounts.Department", "care_points.CareStation", "care_points.Service", "events.Event"
        )
