"""What of the theme's work waits for somebody."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.admin.queue import capped, changelist, set_aside
from kernel.portal import Task
from workplaces.childcare.models import Nursery, NurseryClass, NurseryRule

LIST, CLASSES = "workplaces_nursery", "workplaces_nurseryclass"


def _own(rows, user, path="department"):
    return rows if user.sees_all_departments else rows.filter(**{path: user.department_id})


def to_check(user, now):
    """Return the line about registrations nobody has checked."""
    rows = _own(Nursery.objects.unchecked(), user)
    return Task(
        _("待核实备案的托育机构"),
        capped(rows),
        _("按备案编号查到了，就核实；核实前不公布。"),
        changelist(LIST, "check=waiting"),
        since=rows.order_by("created_at").values_list("created_at", flat=True).first(),
    )


def to_confirm(user, now):
    """Return the line about nurseries that leave the search soon, or have."""
    rows = _own(Nursery.objects.unconfirmed(timezone.localdate(now)), user)
    return Task(
        _("待确认的托育机构"),
        capped(rows),
        _("一年没有确认的查不到；单位已收到提醒，请督促，或问清楚后代为确认。"),
        changelist(LIST, "confirm=due"),
    )


def old_free(user, now):
    """Return the line about free places stated more than thirty days ago."""
    rows = _own(NurseryClass.objects.old(timezone.localdate(now)), user, "nursery__department")
    return Task(
        _("空余托位超过 30 天没有更新"),
        capped(rows),
        _("页面上写着“请电话询问”；请督促单位更新。"),
        changelist(CLASSES, "free=old"),
    )


def could_not_remind(user, now):
    """Return the line about nurseries the clock could not remind of."""
    return set_aside(_("没能提醒的托育机构"), _own(Nursery.objects.all(), user), LIST)


def could_not_remind_free(user, now):
    """Return the line about classes whose free places the clock could not remind of."""
    rows = _own(NurseryClass.objects.all(), user, "nursery__department")
    return set_aside(_("没能提醒的托育班级"), rows, CLASSES)


def rules_to_check(user, now):
    """Return the line about standards nobody has compared with their document."""
    return Task(
        _("待核对的托育班级标准"),
        capped(NurseryRule.objects.unchecked(timezone.localdate(now))),
        _("没有人与原文核对过，读者看到“未核实”。"),
        changelist("workplaces_nurseryrule", "checked=no"),
    )
