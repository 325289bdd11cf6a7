"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_save, pre_save
from django.utils.translation import gettext_lazy as _


class TalentsConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "talents"
    verbose_name = _("女性科技人才")

    def ready(self):
        """Act on units that change their name, and on accounts."""
        from accounts.models import Unit, User
        from talents import signals

        pre_save.connect(signals.unit_to_save, sender=Unit, dispatch_uid="talents.unit_to_save")
        post_save.connect(signals.unit_saved, sender=Unit, dispatch_uid="talents.unit_saved")
        pre_save.connect(signals.account_named, sender=User, dispatch_uid="talents.account_named")
        post_save.connect(signals.account_saved, sender=User, dispatch_uid="talents.account_saved")
