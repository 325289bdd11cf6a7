"""What of the app's work waits for somebody."""

from django.db.models import Q
from django.utils.translation import gettext as _

from calls.models import Application, Assignment, Objection, PublicNotice, Review
from kernel.admin.queue import capped, changelist, set_aside
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
