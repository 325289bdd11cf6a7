"""What of the app's work waits for somebody."""

from django.utils.translation import gettext as _

from calls.models import Application
from kernel.admin.queue import capped, changelist
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
