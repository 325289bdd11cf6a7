"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class OutreachConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "outreach"
    verbose_name = pgettext_lazy("app", "科普志愿")
