"""What of the theme's work waits for somebody."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.admin.queue import capped, changelist
from kernel.portal import Task
from workplaces.periods.models import PeriodRule


def to_check(user, now):
    """Return the line about rules nobody has compared with their source."""
    return Task(
        _("待核对的四期保护规定"),
        capped(PeriodRule.objects.unchecked(timezone.localdate(now))),
        _("没有人与原文核对过，读者看到“未核实”。"),
        changelist("workplaces_periodrule", "checked=no"),
    )
