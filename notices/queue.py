"""What of the app's work waits for somebody: lines of the work queue."""

from django.utils.translation import gettext as _

from kernel.admin.queue import capped, changelist
from kernel.portal import Task
from notices.models import Delivery


def undelivered(user, now):
    """Return the line about messages that did not arrive."""
    count = capped(Delivery.objects.in_trouble())
    return Task(
        _("没有送达的短信和邮件"),
        count,
        _("核实后重新发送。"),
        changelist("notices_delivery", "trouble=1"),
        urgent=count > 0,
    )
