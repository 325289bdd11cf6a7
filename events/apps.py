"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "events"
    verbose_name = _("活动")
