"""What staff count of mothers' rooms: how many, of which tier, visited in time."""

from django.utils.translation import gettext as _

from kernel.admin.figures import Line, Part, share
from kernel.admin.queue import changelist
from workplaces.rooms.models import Room, RoomReport, RoomTier

LIST = "workplaces_room"


def part(user, day):
    """Return the Part of rooms a member of staff sees, as of a day; None for others."""
    if not user.has_perm("workplaces.view_room"):
        return None
    rows = Room.objects.visible_to(user)
    return Part(
        _("妈咪小屋"),
        (*_rooms(rows, day), *_tiers(rows, day)),
        _("复查及时率是已公布的小屋里一年内核查过的；等级只算还没有过期的。"),
    )


def _rooms(rows, day):
    shown = rows.shown()
    listed, in_time = shown.count(), shown.checked_in_time(day).count()
    yield Line(_("已公布的妈咪小屋"), listed, changelist(LIST, "state__exact=listed"))
    yield Line(
        _("对外开放"), shown.filter(is_public=True).count(), changelist(LIST, "is_public__exact=1")
    )
    yield Line(_("复查及时率"), share(in_time, listed), changelist(LIST, "waits=due"))
    yield Line(
        _("没有复查，等级已过期"), shown.without_tier(day).count(), changelist(LIST, "waits=lost")
    )
    yield Line(_("等待核查"), rows.applied().count(), changelist(LIST, "waits=applied"))
    open_ones = RoomReport.objects.filter(ended_at=None).count()
    yield Line(_("还没有答复的情况反映"), open_ones, changelist(LIST, "waits=called"))


def _tiers(rows, day):
    without = rows.without_tier(day).values("pk")
    for tier in RoomTier.objects.in_force(day).order_by("rank"):
        found = rows.shown().filter(tier__rank=tier.rank).exclude(pk__in=without)
        yield Line(tier.label, found.count(), changelist(LIST, "state__exact=listed"))
