"""The project as an app: template tags, management commands and system checks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangjiang import public_cache


class LiangjiangConfig(AppConfig):
    """Holds what belongs to no policy area."""

    name = "liangjiang"
    verbose_name = _("门户")

    def ready(self):
        """Name the models whose rows public pages show."""
        public_cache.watch(
            "accounts.Department", "care_points.CareStation", "care_points.Service", "events.Event"
        )
