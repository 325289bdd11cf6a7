"""What lines of the work queue are made with."""

from django.urls import reverse

from kernel.portal import MOST_COUNTED


def capped(rows):
    """Count a queryset up to one past MOST_COUNTED."""
    return rows[: MOST_COUNTED + 1].count()


def changelist(model, query):
    """Return the address of a model's list ("app_model") with a query."""
    return f"{reverse(f'admin:{model}_changelist')}?{query}"
