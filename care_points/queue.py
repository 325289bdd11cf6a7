"""What of the app's work waits for somebody: lines and figures of the work queue."""

from django.utils.translation import gettext as _

from care_points.models import PointsAccount, Redemption, ServiceHours, Transfer
from kernel.admin.queue import capped, changelist, set_aside
from kernel.days import begin, month_of
from kernel.portal import Task


def hours_to_confirm(user, now):
    """Return the line about volunteer hours that wait for a colleague of their recorder."""
    waiting = ServiceHours.objects.visible_to(user).waiting().exclude(recorded_by=user)
    return Task(
        _("待确认的志愿时长"),
        capped(waiting),
        _("确认后自动计入积分。"),
        changelist("care_points_servicehours", "state__exact=recorded"),
    )


def vouchers_set_aside(user, now):
    """Return the line about vouchers that could not be ended when they ran out."""
    rows = Redemption.objects.visible_to(user)
    return set_aside(_("没有处理成功的过期兑换"), rows, "care_points_redemption")


def accounts_set_aside(user, now):
    """Return the line about accounts whose points could not be taken when they ran out."""
    rows = PointsAccount.objects.visible_to(user)
    return set_aside(_("没有处理成功的到期积分"), rows, "care_points_pointsaccount")


def transfers(user, now):
    """Count this month's movements of points."""
    return Transfer.objects.visible_to(user).filter(at__gte=begin(month_of(now))).count()


def redemptions(user, now):
    """Count this month's redemptions."""
    return Redemption.objects.visible_to(user).filter(made_at__gte=begin(month_of(now))).count()
