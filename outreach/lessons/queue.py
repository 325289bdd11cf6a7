"""What of the theme's work waits for somebody."""

from django.utils.translation import gettext as _

from kernel.admin.queue import capped, changelist
from kernel.portal import Task
from outreach.lessons.models import Lesson


def to_review(user, now):
    """Return the line about lessons this member of staff may review."""
    return Task(
        _("待审核的课和实验"),
        capped(Lesson.objects.to_review(user)),
        _("两位同事审核通过才公布，自己写的由别人审核。"),
        changelist("outreach_lesson", "waits=mine"),
    )
