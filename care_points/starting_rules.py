"""The rules and emergency numbers the portal starts with; staff edit them in the admin from then on."""

from datetime import date

from django.apps import apps as installed

from care_points import emergency
from care_points.models import EarningRule, EmergencyNumber
from care_points.sources import sources

ACTIVE_FROM = date(2022, 2, 24)  # the day of the policy


def add_missing(using="default"):
    """Add a rule for each source that has none yet; those that are there stay as staff left them."""
    for code, source in sources().items():
        EarningRule.objects.using(using).get_or_create(
            code=code, defaults=source.rule | {"active_from": ACTIVE_FROM}
        )


def add_after_migrate(using, apps=installed, **kwargs):
    """Signal handler: runs after the app's migrations, and does nothing where they were undone."""
    if ("care_points", "earningrule") in _models(apps):
        add_missing(using)
    if ("care_points", "emergencynumber") in _models(apps):
        numbers = EmergencyNumber.objects.using(using)
        if not numbers.exists():
            numbers.bulk_create(emergency.starting())


def _models(apps):
    return {(model._meta.app_label, model._meta.model_name) for model in apps.get_models()}
