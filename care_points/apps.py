"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CarePointsConfig(AppConfig):
    """Names the app for Django and the admin; has the rules points start with made."""

    name = "care_points"
    verbose_name = _("积分")

    def ready(self):
        """Connect signal handlers."""
        from care_points import starting_rules

        post_migrate.connect(
            starting_rules.add_after_migrate, sender=self, dispatch_uid="care_points.starting_rules"
        )
