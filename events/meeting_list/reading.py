"""From a file to people: who is in the list, when, and whose booking that may be. Nothing of it is kept."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import minutes
from kernel import sent_lists, text

MOST_PEOPLE = 800
REFUSALS = {
    "unreadable": _("这个文件不是可以识别的名单，请上传会议软件导出的 Excel 或 CSV。"),
    "too_long": _("名单太长，请分几次上传。"),
    "no_header": _("没有找到“姓名（昵称）”和“入会时间”两列，请上传会议软件导出的原始名单。"),
}
CLOCK = re.compile(r"(?:(\d{4})\D(\d{1,2})\D(\d{1,2})\D+)?(\d{1,2}):(\d{2})(?::(\d{2}))?")


@dataclass
class Person:
    """One person of the list: her name there, the tail of her phone, her times, the bookings it may be.

    `chosen` is the one booking it certainly is, or None.
    """

    name: str
    tail: str
    times: list = field(default_factory=list)
    candidates: list = field(default_factory=list)
    chosen: object = None

    @property
    def clear(self):
        """Return her times merged, those without an end last: [(came, left or None)]."""
        ended = minutes.merged([(came, left) for came, left in self.times if left])
        return ended + [(came, None) for came, left in self.times if not left][:1]


def read(upload, event):
    """Return the people of an uploaded list as Persons, in its order, with candidates of the event. Raises Invalid.

    Who has booked and whose times say nothing is among them, with no times: staff are told.
    """
    people = _people(sent_lists.read(upload, "events.meeting_list.child", REFUSALS), event)
    if len(people) > MOST_PEOPLE:
        raise sent_lists.refused("too_long", REFUSALS)
    _match(people, event)
    return [person for person in people if person.times or person.candidates]


def _people(rows, event):
    people = {}
    for name, came, left, phone in rows:
        came, left = _moment(came, event), _moment(left, event)
        if not name:
            continue
        tail = "".join(c for c in phone if c.isdigit())[-4:]
        person = people.setdefault((text.fold(name), tail), Person(text.plain(name), tail))
        if came and not (left and left <= came):
            person.times.append((came, left))
    return list(people.values())


def _moment(written, event):
    """Return the moment a cell says, on the event's first day where it names none; None where it says none."""
    found = CLOCK.search(written)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    first = timezone.localdate(event.starts_at)
    try:
        return datetime(
            *((year, month, day) if year else (first.year, first.month, first.day)),
            *(hour, minute, second),
            tzinfo=timezone.get_default_timezone(),
        )
    except ValueError:
        return None


def _match(people, event):
    """Say of each whose booking it may be: the same name surely, a name within hers perhaps."""
    bookings = list(event.bookings.seated().select_related("talent__unit").order_by("place"))
    names = [(text.fold(booking.talent.full_name), booking) for booking in bookings]
    for person in people:
        written = text.fold(person.name)
        same = [b for name, b in names if name == written]
        near = [b for name, b in names if len(name) > 1 and name in written]
        told = [b for b in same if person.tail and (b.talent.phone or "").endswith(person.tail)]
        person.candidates = same or near
        person.chosen = told[0] if len(told) == 1 else same[0] if len(same) == 1 else None
