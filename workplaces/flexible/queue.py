"""What of the theme's work waits for somebody."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.admin.queue import capped, changelist, set_aside
from kernel.portal import Task
from workplaces.flexible.models import FlexibleOffer

LIST = "workplaces_flexibleoffer"


def _own(rows, user):
    return rows if user.sees_all_departments else rows.filter(department=user.department_id)


def to_confirm(user, now):
    """Return the line about offers that soon count as not re-checked, or do."""
    rows = _own(FlexibleOffer.objects.unconfirmed(timezone.localdate(now)), user)
    return Task(
        _("待确认的弹性工作"),
        capped(rows),
        _(
            "满一年没有确认的写明“未复核”，再过 60 天查不到；单位已收到提醒，请督促，或问清楚后代为确认。"
        ),
        changelist(LIST, "confirm=due"),
    )


def could_not_remind(user, now):
    """Return the line about offers the clock could not remind of."""
    return set_aside(_("没能提醒的弹性工作"), _own(FlexibleOffer.objects.all(), user), LIST)
