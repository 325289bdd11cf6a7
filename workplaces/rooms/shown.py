"""Rooms as people read them."""

from django.utils.translation import gettext as _

from workplaces.rooms.models import Room, RoomState


def with_tiers(rooms, day):
    """Return the rooms as a list, each with `tier_now`: its tier on a day, None where it ran out."""
    rooms = list(rooms)
    for room in rooms:
        room.tier_now = room.tier_on(day)
    return rooms


def standing(room, day):
    """Say to its unit in a sentence where an entry stands and what comes next."""
    if room.state == RoomState.APPLIED:
        return _("等工作人员来核查，通过后公布。")
    if room.state == RoomState.REFUSED:
        return _("没有通过核查，改好后请重新申请。")
    if room.state == RoomState.WITHDRAWN:
        return _("已撤下，页面上看不到。")
    if room.moved_on:
        return _("改了地址，等工作人员再来看一次；这期间照常公布。")
    if room.tier_on(day) is None:
        return _("太久没有复查，页面上已不写等级；请联系工作人员来复查。")
    return _("已公布。")


def of_unit(unit, day):
    """Return the rooms a unit shows, as a part of its page: (title, [(name, address, words)]); None of none."""
    rows = Room.objects.shown().filter(unit=unit).select_related("place", "tier").order_by("pk")
    lines = [(row.label, row.get_absolute_url(), _of_room(row, day)) for row in rows]
    return (_("爱心妈咪小屋"), lines) if lines else None


def _of_room(room, day):
    tier = room.tier_on(day)
    said = [tier.label if tier else _("未复查"), room.place.address]
    return " · ".join(said if room.is_public else [*said, _("只供本单位使用")])
