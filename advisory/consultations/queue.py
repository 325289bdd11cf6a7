"""What of the theme's work waits for somebody."""

from django.utils.translation import gettext as _

from advisory.consultations.models import Consultation, ConsultationInvitation
from kernel.admin.queue import capped, changelist, set_aside
from kernel.portal import Task

LIST, INVITATIONS = "advisory_consultation", "advisory_consultationinvitation"


def to_hold(user, now):
    """Return the line about consultations whose time is over and that nobody noted as held."""
    rows = Consultation.objects.visible_to(user).to_hold(now)
    return Task(
        _("已到时间、待记下的咨询"),
        capped(rows),
        _("会议开过或意见截止后，点“已经进行”，记下谁参加了。"),
        changelist(LIST, "state__exact=inviting"),
        since=rows.order_by("pk").values_list("opened_at", flat=True).first(),
    )


def to_close(user, now):
    """Return the line about consultations that wait for what became of the opinions."""
    rows = Consultation.objects.visible_to(user).to_close()
    return Task(
        _("待办结的咨询"),
        capped(rows),
        _("逐条写明意见的结果，填库外人数，办结后告知提意见的人。"),
        changelist(LIST, "state__exact=held"),
        since=rows.values_list("held_at", flat=True).first(),
    )


def conflicts(user, now):
    """Return the line about conflicts of interest nobody has looked at."""
    rows = ConsultationInvitation.objects.visible_to(user).conflicting()
    count = capped(rows)
    return Task(
        _("待研究的利害关系"),
        count,
        _("研究以前她不能看材料、提意见。"),
        changelist(INVITATIONS, "conflict__exact=waits&state__exact=accepted"),
        since=rows.order_by("answered_at").values_list("answered_at", flat=True).first(),
        urgent=count > 0,
    )


def could_not(user, now):
    """Return the line about invitations the clock could not follow."""
    rows = ConsultationInvitation.objects.visible_to(user)
    return set_aside(_("没能自动处理的咨询邀请"), rows, INVITATIONS)
