"""What of the team's work waits for somebody."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.admin.queue import capped, changelist, set_aside
from kernel.portal import Task
from outreach.volunteers.models import Volunteer, VolunteerState

VOLUNTEERS = "outreach_volunteer"


def to_decide(user, now):
    """Return the line about applications nobody has decided."""
    waiting = Volunteer.objects.visible_to(user).filter(state=VolunteerState.APPLIED)
    return Task(
        _("待确认的志愿者报名"),
        capped(waiting),
        _("确认后登记上岗培训和从业审查，三项齐全才能上门。"),
        changelist(VOLUNTEERS, "state__exact=applied"),
        since=waiting.order_by("applied_at").values_list("applied_at", flat=True).first(),
    )


def to_prove(user, now):
    """Return the line about volunteers who may not go for want of a training or a check, or soon may not."""
    today, hers = timezone.localdate(now), Volunteer.objects.visible_to(user)
    rows = hers.filter(
        pk__in=hers.unproven(today).values("pk").union(hers.running_out(today).values("pk"))
    )
    return Task(
        _("培训或审查要办的志愿者"),
        capped(rows),
        _("还没有办、已经过期，或三十天内到期；过期的不会再安排上门。"),
        changelist(VOLUNTEERS, "proof=due"),
    )


def could_not_remind(user, now):
    """Return the line about volunteers the clock could not remind."""
    rows = Volunteer.objects.visible_to(user)
    return set_aside(_("没能提醒的志愿者"), rows, VOLUNTEERS)
