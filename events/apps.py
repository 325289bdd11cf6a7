"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class EventsConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "events"
    verbose_name = pgettext_lazy("many", "活动")
