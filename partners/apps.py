"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "partners"
    verbose_name = _("合作单位接口")
