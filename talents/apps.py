"""App configuration."""

from django.apps import AppConfig


class TalentsConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "talents"
    verbose_name = "女性科技人才"
