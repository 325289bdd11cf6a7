"""Encryption, consent and audit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Lowest app: nothing here knows of people, events or points."""

    name = "privacy"
    verbose_name = _("隐私与审计")
