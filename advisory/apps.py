"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class AdvisoryConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "advisory"
    verbose_name = pgettext_lazy("app", "咨询建言")
