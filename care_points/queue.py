"""What of the app's work waits for somebody: lines and figures of the work queue."""

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from care_points import budgets
from care_points.models import (
    Appointment,
    EmergencyNumber,
    LedgerCheck,
    PointsAccount,
    PointsBudget,
    Provider,
    Redemption,
    ServiceHours,
    Transfer,
)
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


def appointments_to_settle(user, now):
    """Return the line about appointments ahead that cannot take place as they stand."""
    count = capped(Appointment.objects.visible_to(user).to_settle(now))
    return Task(
        _("要改期或取消的预约"),
        count,
        _("遇上请假、休息日，或服务提供者已暂停、资质到期；请逐一改期或取消，本人会收到通知。"),
        changelist("care_points_appointment", "due=settle"),
        urgent=count > 0,
    )


def appointments_unmarked(user, now):
    """Return the line about appointments that are over without a word whether she came."""
    return Task(
        _("没有登记结果的预约"),
        capped(Appointment.objects.visible_to(user).unmarked(now)),
        _("请加油站核销，或登记未到；7 天没有登记的，积分自动退回本人。"),
        changelist("care_points_appointment", "due=unmarked"),
    )


def vettings(user, now):
    """Return the line about providers whose vetting has run out or soon will."""
    return Task(
        _("资质快到期的服务提供者"),
        capped(Provider.objects.visible_to(user).vetting_ends(now)),
        _("到期以后不能再预约；核查证书和协议后登记新的有效期。"),
        changelist("care_points_provider", "vetting=ends"),
    )


def numbers_to_check(user, now):
    """Return the line about emergency numbers that nobody has checked for half a year."""
    return Task(
        _("要核对的紧急求助号码"),
        capped(EmergencyNumber.objects.visible_to(user).to_check(now)),
        _("请拨打或查证后，打开号码保存一次，即记为今天已核对。"),
        reverse("admin:care_points_emergencynumber_changelist"),
    )


def unsound_ledger(user, now):
    """Return the line about a ledger that did not add up when it was last checked."""
    newest = LedgerCheck.objects.visible_to(user).done().first()
    wrong = newest is not None and not newest.sound
    return Task(
        _("积分账本对不上"),
        int(wrong),
        _("请暂停兑换，联系系统管理员查明原因，再重新核对。"),
        reverse("admin:care_points_ledgercheck_changelist"),
        since=newest.done_at if wrong else None,
        urgent=wrong,
    )


def budget_used_up(user, now):
    """Return the line about a year's budget that is used up."""
    budget = PointsBudget.objects.visible_to(user).filter(year=localdate(now).year).first()
    over = budget is not None and budgets.used(budget)[1] >= 100
    return Task(
        _("今年的积分预算已用完"),
        int(over),
        _("积分照常发放；请追加预算，或给规则填写截止日期。"),
        reverse("admin:care_points_pointsbudget_changelist"),
    )


def transfers(user, now):
    """Count this month's movements of points."""
    return Transfer.objects.visible_to(user).filter(at__gte=begin(month_of(now))).count()


def redemptions(user, now):
    """Count this month's redemptions."""
    return Redemption.objects.visible_to(user).filter(made_at__gte=begin(month_of(now))).count()
