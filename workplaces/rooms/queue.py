"""What of the theme's work waits for somebody."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.admin.queue import capped, changelist
from kernel.portal import Task
from workplaces.rooms.models import Room

LIST = "workplaces_room"


def to_visit(user, now):
    """Return the line about rooms that wait for their first visit, or for another."""
    rows = Room.objects.applied()
    return Task(
        _("待核查的妈咪小屋"),
        capped(rows),
        _("单位申请后等着核查；核查通过才公布。"),
        changelist(LIST, "waits=applied"),
        since=rows.order_by("applied_at").values_list("applied_at", flat=True).first(),
    )


def called(user, now):
    """Return the line about rooms women found closed, or that moved."""
    return Task(
        _("要去看一看的妈咪小屋"),
        capped(Room.objects.called()),
        _("两位以上女士反映没开或锁着，或者改了地址。"),
        changelist(LIST, "waits=called"),
    )


def due(user, now):
    """Return the line about rooms whose yearly visit is due."""
    return Task(
        _("该复查的妈咪小屋"),
        capped(Room.objects.due(timezone.localdate(now))),
        _("一年复查一次；超过 60 天没有复查，页面上不再写等级。"),
        changelist(LIST, "waits=due"),
    )
