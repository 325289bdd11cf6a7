"""App configuration."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "events"
    verbose_name = "活动"
