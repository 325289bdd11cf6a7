"""What of the app's work waits for somebody: lines of the work queue."""

from django.urls import reverse
from django.utils.translation import gettext as _

from cloud_home.models import Hiding, Preference, Report, Sanction
from kernel.admin.queue import capped, changelist, set_aside
from kernel.portal import Task


def reports(user, now):
    """Return the line about posts somebody reported."""
    waiting = Report.objects.visible_to(user).waiting()
    return Task(
        _("待处理的云之家举报"),
        capped(waiting),
        _("看原文后隐藏发言，或写明理由不成立；双方都会收到结果。"),
        reverse("admin:cloud_home_report_changelist"),
        since=waiting.values_list("at", flat=True).first(),
    )


def appeals(user, now):
    """Return the line about appeals somebody else has to answer than who hid the post."""
    waiting = Hiding.objects.visible_to(user).appealed().exclude(hidden_by=user.pk)
    waiting = waiting.exclude(post__in=Report.objects.upheld_by(user).values("post"))
    return Task(
        _("待答复的云之家申诉"),
        capped(waiting),
        _("由隐藏这条发言以外的同事答复：恢复显示，或写明为什么维持。"),
        changelist("cloud_home_hiding", "appeal=waiting"),
        since=waiting.order_by("appealed_at").values_list("appealed_at", flat=True).first(),
    )


def suspensions(user, now):
    """Return the line about appeals somebody else has to answer than who suspended her."""
    waiting = Sanction.objects.visible_to(user).appealed().exclude(by=user.pk)
    return Task(
        _("待答复的停止发言申诉"),
        capped(waiting),
        _("由办理停止发言以外的同事答复：恢复发言，或写明为什么维持。"),
        changelist("cloud_home_sanction", "appeal=waiting"),
        since=waiting.order_by("appealed_at").values_list("appealed_at", flat=True).first(),
    )


def digests(user, now):
    """Return the line about digests the clock could not send."""
    rows = Preference.objects.visible_to(user)
    return set_aside(_("没有发出的云之家摘要"), rows, "cloud_home_preference")
