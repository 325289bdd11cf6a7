"""What of the app's work waits for somebody."""

from django.utils.translation import gettext as _

from kernel.admin.queue import capped, changelist
from kernel.portal import Task
from places.models import STALE_MONTHS, Place


def to_verify(user, now):
    """Return the line about places whose address, phone and hours nobody has checked for long."""
    return Task(
        _("待核实的场所信息"),
        capped(Place.objects.to_verify(now)),
        _("超过 %(months)s 个月没有人核实地址、电话和开放时间。") % {"months": STALE_MONTHS},
        changelist("places_place", "verified=no"),
    )
