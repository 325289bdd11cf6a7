"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EntrepreneurshipConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "entrepreneurship"
    verbose_name = _("创新创业")
