"""What of the theme's work waits for somebody."""

from django.utils.translation import gettext as _

from entrepreneurship.ventures.models import Venture, VentureCheck
from kernel.admin.queue import capped, changelist, set_aside
from kernel.portal import Task

MODEL = "entrepreneurship_venture"


def unknown(user, now):
    """Return the line about ventures whose yearly question nobody answered: a call may tell."""
    seen = Venture.objects.visible_to(user)
    checks = VentureCheck.objects.unanswered().filter(venture__in=seen).exclude(unknown_at=None)
    return Task(
        _("年度问询没有答复的创业项目"),
        capped(checks),
        _("打个电话问一问，把听到的登记为“电话告知”。"),
        changelist(MODEL, "check=overdue"),
        since=checks.order_by("unknown_at").values_list("unknown_at", flat=True).first(),
    )


def could_not_ask(user, now):
    """Return the line about yearly questions the clock could not send."""
    return set_aside(_("没能发出的年度问询"), Venture.objects.visible_to(user), MODEL)
