"""What of the app's work waits for somebody."""

from django.utils.translation import gettext as _

from calls.models import Call, CallKind, CallState
from honours.models import CallHonour, Recommendation
from kernel.admin.queue import capped, changelist
from kernel.portal import Task


def to_send(user, now):
    """Return the line about recommendations that have not gone to anybody."""
    waiting = Recommendation.objects.visible_to(user).to_send()
    return Task(
        _("待报送的推荐"),
        capped(waiting),
        _("报送后登记单位和日期，本人会收到通知。"),
        changelist("honours_recommendation", "state__exact=pending"),
        since=waiting.values_list("made_at", flat=True).first(),
    )


def calls_without_honour(user, now):
    """Return the line about calls whose results were told without anybody saying which honour follows."""
    told = Call.objects.visible_to(user).filter(kind=CallKind.HONOUR, state=CallState.DECIDED)
    waiting = told.filter(leads_to=None, applications__state="awarded").distinct()
    return Task(
        _("公布了结果、没写明授予什么荣誉的申报"),
        capped(waiting),
        _("打开申报通知，按“授予的荣誉”写明，荣誉、证书和积分随即补上。"),
        changelist("calls_call", "kind__exact=honour&state__exact=decided"),
        since=waiting.order_by("decided_at").values_list("decided_at", flat=True).first(),
    )


def suggestions_set_aside(user, now):
    """Return the line about calls whose reserves the clock could not tell."""
    aside = CallHonour.objects.set_aside().filter(call__in=Call.objects.visible_to(user))
    count = capped(aside)
    return Task(
        _("没能通知备选的申报"),
        count,
        _("多次自动处理失败。查明原因后打开申报通知，按“授予的荣誉”再保存一次，随即重试。"),
        changelist("calls_call", "kind__exact=honour&state__exact=open"),
        urgent=count > 0,
    )
