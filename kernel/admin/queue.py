"""What lines of the work queue are made with."""

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.portal import MOST_COUNTED, Task


def capped(rows):
    """Count a queryset up to one past MOST_COUNTED."""
    return rows[: MOST_COUNTED + 1].count()


def changelist(model, query):
    """Return the address of a model's list ("app_model") with a query."""
    return f"{reverse(f'admin:{model}_changelist')}?{query}"


def set_aside(title, rows, model):
    """Return the line of the work queue about `rows` (of "app_model") that the clock could not do."""
    count = capped(rows.set_aside())
    advice = _("多次自动处理失败，请联系技术人员查明原因后重试。")
    return Task(title, count, advice, changelist(model, "sweep=set_aside"), urgent=count > 0)
