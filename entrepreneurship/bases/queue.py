"""What of the theme's work waits for somebody."""

from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.bases.models import BaseRequest, BaseService
from kernel.admin.queue import capped, changelist, set_aside
from kernel.portal import Task

REQUESTS = "entrepreneurship_baserequest"


def answers(user):
    """Tell whether somebody may own requests: staff, or the contact of a unit."""
    if user.is_staff:
        return user.has_perm("entrepreneurship.change_baserequest")
    return user.unit_id is not None and user.has_perm("entrepreneurship.answer_for_unit")


def to_answer(user, now):
    """Return the line about requests nobody answered."""
    waiting = BaseRequest.objects.visible_to(user).open()
    return Task(
        _("待答复的基地服务申请"),
        capped(waiting),
        _("五个工作日内答复；受理人不在的，请转交。"),
        changelist(REQUESTS, "state__exact=open"),
        since=waiting.order_by("asked_at").values_list("asked_at", flat=True).first(),
    )


def overdue(user, now):
    """Return the line for the department's lead about what was not answered in time."""
    late = BaseRequest.objects.visible_to(user).overdue(timezone.localdate(now))
    count = capped(late)
    return Task(
        _("超期的基地服务申请"),
        count,
        _("请督促受理人，或请经办人转交。"),
        changelist(REQUESTS, "due=overdue"),
        urgent=count > 0,
    )


def to_verify(user, now):
    """Return the line about services that vanish from the page soon, or have."""
    rows = BaseService.objects.standing().to_verify(timezone.localdate(now))
    if not user.sees_all_departments:
        rows = rows.filter(base__department=user.department_id)
    return Task(
        _("待核实的基地服务"),
        capped(rows),
        _("核实 180 天后不再公布，请在这之前核实。"),
        changelist("entrepreneurship_baseservice", "verify=soon"),
    )


def could_not_remind(user, now):
    """Return the line about requests the clock could not remind of."""
    rows = BaseRequest.objects.visible_to(user)
    return set_aside(_("没能提醒的基地服务申请"), rows, REQUESTS)
