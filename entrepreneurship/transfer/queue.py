"""What of the theme's work waits for somebody."""

from django.utils.translation import gettext as _

from entrepreneurship.transfer.models import TransferProfile, VersionState
from kernel.admin.queue import capped, changelist
from kernel.portal import Task

PROFILES = "entrepreneurship_transferprofile"


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
