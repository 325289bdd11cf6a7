"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class WorkplacesConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "workplaces"
    verbose_name = pgettext_lazy("app", "生育支持")
