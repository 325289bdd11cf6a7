"""Encryption, consent and audit."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Lowest app: nothing here knows of people, events or points."""

    name = "privacy"
    verbose_name = "隐私与审计"
