"""What of the theme's work waits for somebody."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.transfer.models import (
    InterestState,
    TransferInterest,
    TransferProfile,
    VersionState,
)
from kernel.admin.queue import capped, changelist, set_aside
from kernel.days import begin
from kernel.portal import Task

PROFILES = "entrepreneurship_transferprofile"
INTERESTS = "entrepreneurship_transferinterest"
LATE = timedelta(days=3)


def to_check(user, now):
    """Return the line about profiles that wait for the second pair of eyes."""
    rows = TransferProfile.objects.visible_to(user).filter(versions__state=VersionState.CHECKING)
    waiting = rows.order_by("versions__submitted_at")
    return Task(
        _("待审核的成果和需求"),
        capped(waiting),
        _("看是否说清楚、有没有不能公开的内容，通过或退回。"),
        changelist(PROFILES, "stage=checking"),
        since=waiting.values_list("versions__submitted_at", flat=True).first(),
    )


def profiles_set_aside(user, now):
    """Return the line about profiles the clock could not remind of or match, or whose interest it could not let lapse."""
    rows = TransferProfile.objects.visible_to(user)
    return set_aside(_("到期处理失败的成果和需求"), rows, PROFILES)


def to_mediate(user, now):
    """Return the line about what both agreed to and nobody has taken on."""
    rows = TransferInterest.objects.visible_to(user).filter(state=InterestState.AGREED)
    waiting = rows.order_by("agreed_at", "pk")
    late = waiting.overdue(late_before(now)).exists()
    return Task(
        _("待对接的合作意向"),
        capped(waiting),
        _("双方都同意了。由您对接，先签保密协议。"),
        changelist(INTERESTS, "state__exact=agreed"),
        since=waiting.values_list("agreed_at", flat=True).first(),
        urgent=late,
    )


def late_before(now):
    """Return the moment before which what was agreed to should have been taken on: three days ago."""
    return begin(timezone.localdate(now)) - LATE
