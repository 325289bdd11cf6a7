"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdvisoryConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "advisory"
    verbose_name = _("咨询建言")
