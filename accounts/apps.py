"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Names the app for Django and the admin."""

    name = "accounts"
    verbose_name = "账号与单位"
