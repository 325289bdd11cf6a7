"""What of the app's work waits for somebody."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.admin.queue import capped, changelist
from kernel.portal import Task
from places.holidays import are_known
from places.models import STALE_MONTHS, Place

DECEMBER = 12


def to_verify(user, now):
    """Return the line about places whose address, phone and hours nobody has checked for long."""
    return Task(
        _("待核实的场所信息"),
        capped(Place.objects.to_verify(now)),
        _("超过 %(months)s 个月没有人核实地址、电话和开放时间。") % {"months": STALE_MONTHS},
        changelist("places_place", "verified=no"),
    )


def to_enter(user, now):
    """Return the line about next year's holidays, in December, while they are not known here."""
    today = timezone.localdate(now)
    year = today.year + (today.month == DECEMBER)
    return Task(
        _("待登记的节假日安排"),
        0 if are_known(year) else 1,
        _("%(year)s年的放假和调休还没有登记，期限先按周一至周五计算。") % {"year": year},
        reverse("admin:places_calendardays_add"),
    )
