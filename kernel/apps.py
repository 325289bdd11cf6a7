"""App configuration."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from kernel import addresses, content, one_line, portal


class KernelConfig(AppConfig):
    """Holds the ground: template tags, one migration, nothing about people."""

    name = "kernel"
    verbose_name = _("门户")

    def ready(self):
        """Read what the apps declare, so that a mistake in it stops the start; watch what is saved."""
        register(addresses.check)
        content.watch(*portal.listed("public_models"))
        one_line.watch()
