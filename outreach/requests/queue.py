"""What of the theme's work waits for somebody."""

from datetime import timedelta

from django.utils.translation import gettext as _

from kernel.admin.queue import capped, changelist, set_aside
from kernel.portal import Task
from outreach.requests.models import SchoolRequest

LIST = "outreach_schoolrequest"
SLOW = timedelta(days=7)


def not_found(user, now):
    """Return the line about requests nobody was found for in a week."""
    rows = SchoolRequest.objects.visible_to(user).sent().filter(sent_at__lte=now - SLOW)
    return Task(
        _("一周还没有找到人的学校申请"),
        capped(rows),
        _("请再动员志愿者，或者与学校商量换日期、换内容。"),
        changelist(LIST, "state__exact=sent"),
        since=rows.order_by("sent_at").values_list("sent_at", flat=True).first(),
    )


def could_not_follow(user, now):
    """Return the line about requests the clock could not follow."""
    return set_aside(_("没能跟进的学校申请"), SchoolRequest.objects.visible_to(user), LIST)
