"""What of the app's work waits for somebody: lines of the work queue."""

from django.utils.translation import gettext as _

from accounts.joint import why_not_decide
from accounts.models import JointAction
from kernel.admin.queue import changelist
from kernel.portal import Task


def joint_actions(user, now):
    """Return the line about what colleagues asked for and she may confirm as the second person."""
    rows = JointAction.objects.visible_to(user).waiting().select_related("requested_by")
    mine = [row for row in rows.order_by("requested_at") if not why_not_decide(row, user, now)]
    return Task(
        _("待确认的双人事项"),
        len(mine),
        _("一人申请、另一人确认后才会执行；请先核实情况。"),
        changelist("accounts_jointaction", "state__exact=waiting"),
        since=mine[0].requested_at if mine else None,
    )
