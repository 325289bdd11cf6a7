"""What of introductions waits for the finance officer."""

from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.finance.models import Referral
from kernel.admin.queue import capped, changelist, set_aside
from kernel.portal import Task


def overdue(user, now):
    """Return the line about banks that have not answered in time."""
    rows = Referral.objects.visible_to(user).overdue(timezone.localdate(now))
    return Task(
        _("银行超期未答复的金融对接"),
        capped(rows),
        _("先由系统提醒银行，两个工作日仍未答复的，请打电话给银行窗口。"),
        changelist("entrepreneurship_referral", "late=yes"),
        urgent=rows.exclude(escalated_on=None).exists(),
    )


def to_delete(user, now):
    """Return the line about banks that have not confirmed a deletion."""
    rows = Referral.objects.visible_to(user).to_delete()
    oldest = rows.order_by("deletion_asked_at").values_list("deletion_asked_at", flat=True)
    return Task(
        _("等银行确认删除的信息"),
        capped(rows),
        _("每周自动提醒银行；长时间没有确认的，请与银行联系。"),
        changelist("entrepreneurship_referral", "deletion=open"),
        since=oldest.first(),
    )


def referrals_set_aside(user, now):
    """Return the line about introductions the clock could not do."""
    rows = Referral.objects.visible_to(user)
    return set_aside(_("到期处理失败的金融对接"), rows, "entrepreneurship_referral")
