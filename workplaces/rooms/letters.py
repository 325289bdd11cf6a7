"""What a unit is told of its room: what a visit found, that women found it closed."""

from accounts.models import User
from notices.operations import Letter, page_link, queue_all
from workplaces.rooms.models import KEEP


def _contacts(room):
    return User.objects.holding(KEEP).filter(unit=room.unit_id, is_staff=False)


def _send(kind, room, key, now):
    link, context = page_link("my_room", room.pk), {"room": room.names}
    letters = [
        Letter(f"workplaces.{kind}", one, key, context, link=link) for one in _contacts(room)
    ]
    queue_all(letters, at=now)


def visited(room, visit, now):
    """Tell what a visit came to; a correction is told as well."""
    kind = "room_listed" if visit.tier else "room_refused"
    _send(kind, room, f"{room.pk}.{visit.pk}", now)


def called(room, report, now):
    """Tell that women found it closed: opening it again is sooner done than a visit."""
    _send("room_called", room, f"{room.pk}.{report.pk}", now)
