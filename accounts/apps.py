"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Names the app for Django and the admin; keeps roles and sign-in hooks connected."""

    name = "accounts"
    verbose_name = _("账号与单位")

    def ready(self):
        """Connect signal handlers."""
        from accounts import roles, signals

        post_migrate.connect(roles.sync_after_migrate, dispatch_uid="accounts.roles")
        signals.connect()
