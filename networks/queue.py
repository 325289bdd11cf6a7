"""What of the associations' affairs waits for staff."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.admin.queue import capped, changelist, set_aside
from kernel.portal import Task
from networks.associations.models import Association, Filing
from networks.members.models import Membership
from networks.meter import activity
from networks.meter.models import ShareCount
from networks.posts.models import Term


def _kept(rows, user, path="association__department"):
    """Keep rows of associations the department of a member of staff looks after."""
    return rows if user.sees_all_departments else rows.filter(**{path: user.department_id})


def applications(user, now):
    """Return the line about applications nobody decided."""
    waiting = Membership.objects.visible_to(user).waiting()
    return Task(
        _("待审核的入会申请"),
        capped(waiting),
        _("协会负责人在自己的页面上审核；没有人在任的，请代为审核。"),
        changelist("networks_membership", "state__exact=applied"),
        since=waiting.order_by("applied_at").values_list("applied_at", flat=True).first(),
    )


def elections_overdue(user, now):
    """Return the line about terms that are over without an election."""
    late = _kept(Term.objects.overdue(timezone.localdate(now)), user)
    count = capped(late)
    return Task(
        _("换届超期的协会"),
        count,
        _("任职和权限已经结束，请督促换届，或凭文件登记延期。"),
        changelist("networks_term", "due=overdue"),
        urgent=count > 0,
    )


def elections_ahead(user, now):
    """Return the line about terms that end within six months."""
    today = timezone.localdate(now)
    soon = _kept(Term.objects.ending(today).filter(ends_on__gte=today), user)
    return Task(
        _("六个月内届满的协会"),
        capped(soon),
        _("请筹备换届，发布候选人申报通知。"),
        changelist("networks_term", ""),
    )


def filings(user, now):
    """Return the line about changes that were not filed."""
    rows = _kept(Filing.objects.waiting(), user)
    late = capped(rows.overdue(timezone.localdate(now)))
    return Task(
        _("待备案的协会变更"),
        capped(rows),
        _("变更之日起 30 天内备案。"),
        changelist("networks_filing", "due=overdue" if late else ""),
        urgent=late > 0,
    )


def silent(user, now):
    """Return the line about associations of which nothing was heard for 180 days."""
    rows = _kept(activity.silent(now), user, "department")
    return Task(
        _("180 天没有动静的协会"),
        capped(rows),
        _("问一问近况；有活动和会议的，请登记。"),
        changelist("networks_association", "silence=silent"),
    )


def counts(user, now):
    """Return the line about counts somebody entered and nobody confirmed."""
    waiting = _kept(ShareCount.objects.waiting(), user).exclude(entered_by=user)
    return Task(
        _("待确认的女性比例"),
        capped(waiting),
        _("对照来源核对后确认；自己填报的由同事确认。"),
        changelist("networks_sharecount", "state__exact=entered"),
        since=waiting.order_by("entered_at").values_list("entered_at", flat=True).first(),
    )


def terms_set_aside(user, now):
    """Return the line about terms the clock could not tell of."""
    rows = _kept(Term.objects.all(), user)
    return set_aside(_("没能提醒的换届"), rows, "networks_term")


def memberships_set_aside(user, now):
    """Return the line about memberships the clock could not tell of."""
    rows = Membership.objects.visible_to(user)
    return set_aside(_("没能提醒的会籍"), rows, "networks_membership")


def associations_set_aside(user, now):
    """Return the line about associations the clock could not ask."""
    rows = _kept(Association.objects.all(), user, "department")
    return set_aside(_("没能询问的协会"), rows, "networks_association")
