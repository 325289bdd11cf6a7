"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoleModelsConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "role_models"
    verbose_name = _("榜样")
