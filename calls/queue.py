"""What of the app's work waits for somebody."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.models import Application, Assignment, Due, Objection, PublicNotice, Review
from kernel.admin.queue import capped, changelist, set_aside
from kernel.days import begin
from kernel.portal import Task


def to_accept(user, now):
    """Return the line about applications nobody has looked at."""
    waiting = Application.objects.visible_to(user).waiting()
    return Task(
        _("待受理的申报"),
        capped(waiting),
        _("核对后受理；缺材料的写明补充内容退回。"),
        changelist("calls_application", "state__exact=submitted"),
        since=waiting.values_list("submitted_at", flat=True).first(),
    )


def to_settle(user, now):
    """Return the line about objections nobody has decided."""
    waiting = Objection.objects.visible_to(user).waiting()
    return Task(
        _("待处理的异议"),
        capped(waiting),
        _("核实后写明成立或不成立，提出人凭编号看答复。"),
        changelist("calls_objection", "state__exact=open"),
        since=waiting.values_list("received_at", flat=True).first(),
        urgent=waiting.exists(),
    )


def notices_set_aside(user, now):
    """Return the line about public notices the clock could not end."""
    rows = PublicNotice.objects.visible_to(user)
    return set_aside(_("没能结束的公示"), rows, "calls_publicnotice")


def to_rank(user, now):
    """Return the line about reviews whose scores are all in, or are late."""
    under_way = Review.objects.visible_to(user).under_way()
    open_ones = Assignment.objects.standing().filter(handed_in_at=None)
    late = under_way.filter(Q(due_at__lt=now) | ~Q(candidates__assignments__in=open_ones))
    late = late.distinct()
    return Task(
        _("待处理的评审"),
        capped(late),
        _("评分已经交齐或超过截止时间：催办、改派，或确定排名。"),
        changelist("calls_review", "state__exact=judging"),
        since=late.values_list("due_at", flat=True).first(),
    )


def dues_to_settle(user, now):
    """Return the line about what was handed in after an award and waits, and instalments whose turn has come."""
    rows = Due.objects.visible_to(user)
    waiting = rows.filter(
        Q(pk__in=rows.to_check().values("pk")) | Q(pk__in=rows.to_pay().values("pk"))
    )
    return Task(
        _("待办的入选后事项"),
        capped(waiting),
        _("审核交来的材料；轮到拨付的，拨付后登记日期、金额和凭证号。"),
        changelist("calls_due", "waits=staff"),
        since=rows.to_check().values_list("handed_in_at", flat=True).first(),
    )


def dues_overdue(user, now):
    """Return the line about what should have been done by now: reports she owes, instalments that were not paid."""
    late = Due.objects.visible_to(user).overdue(timezone.localdate(now)).order_by("due_on", "pk")
    first = late.values_list("due_on", flat=True).first()
    return Task(
        _("逾期的入选后事项"),
        capped(late),
        _("没有交的可以联系本人、延期或免除；该拨付的尽快拨付。"),
        changelist("calls_due", "late=yes"),
        since=begin(first) if first else None,
        urgent=first is not None,
    )


def dues_set_aside(user, now):
    """Return the line about steps of which the clock could not remind."""
    return set_aside(_("没能提醒的入选后事项"), Due.objects.visible_to(user), "calls_due")
