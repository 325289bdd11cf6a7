"""Times inside as staff write and read them: one to a line, and the history of what was noted in sentences."""

import re
from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from events import minutes
from kernel import text
from kernel.errors import Invalid
from kernel.words import listed

LINE = re.compile(
    r"(?:(?:(\d{4})-)?(\d{1,2})-(\d{1,2}) )?(\d{1,2}):(\d{2}) ?[-–—~至] ?(\d{1,2}):(\d{2})"
)
FULL_WIDTH = str.maketrans("：－～", ":-~")
MOST_LINES = 40


def written(times, event):
    """Return times [(came, left or None)] as text, one to a line; the day is named where the event has several."""
    return "\n".join(_line(came, left, event) for came, left in times)


def noted(booking):
    """Return when she was inside, as staff would type it: what a correction starts from."""
    return written(minutes.times_noted(booking), booking.event)


def _line(came, left, event):
    local = timezone.localtime(came)
    end = f"{timezone.localtime(left):%H:%M}" if left else ""
    day = "" if event.one_day else f"{local:%m-%d} "
    return f"{day}{local:%H:%M}-{end}"


def parsed(typed, event):
    """Return the times [(came, left)] of a text, one to a line: 14:00-15:30, or 11-27 14:00-15:30. Raises Invalid."""
    lines = [line for line in map(text.plain, typed.translate(FULL_WIDTH).splitlines()) if line]
    if len(lines) > MOST_LINES:
        raise _unreadable(lines[MOST_LINES])
    days = timezone.localdate(event.starts_at), timezone.localdate(event.ends_at)
    return [_times(line, *days) for line in lines]


def _times(line, day, last):
    found = LINE.fullmatch(line)
    if not found:
        raise _unreadable(line)
    year, month, number, *clock = (int(part) if part else None for part in found.groups())
    try:
        if month and not year:  # the one of the event's two years it can be
            year = last.year if month < day.month else day.year
        day = day.replace(year=year or day.year, month=month or day.month, day=number or day.day)
        return _moment(day, *clock[:2]), _moment(day, *clock[2:])
    except ValueError:
        raise _unreadable(line) from None


def _moment(day, hour, minute):
    return datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())


def _unreadable(line):
    sentence = _("看不懂这一行：%(line)s。请写成 14:00-15:30，不在第一天的写成 11-27 14:00-15:30。")
    return Invalid("times_unreadable", sentence % {"line": line[:30]}, field="times")


def summary(booking):
    """Return in words when she was inside, and for how many minutes that counts."""
    said = listed(noted(booking).splitlines()) or _("没有记录")
    facts = {"times": said, "minutes": minutes.minutes_inside(booking)}
    return _("%(times)s；计 %(minutes)s 分钟") % facts


def history(booking):
    """Return what was noted of a booking as sentences, the first first."""
    rows = booking.passages.select_related("by", "taken_back_by").order_by("noted_at", "pk")
    return [_sentence(row, booking.event) for row in rows]


def _sentence(row, event):
    local = timezone.localtime(row.at)
    facts = {
        "when": f"{local:%H:%M}" if event.one_day else f"{local:%m-%d %H:%M}",
        "way": row.get_way_display(),
        "source": row.get_source_display(),
        "noted": _who_and_when(row.by, row.noted_at),
        "reason": row.reason,
    }
    sentence = _("%(when)s %(way)s（%(source)s，%(noted)s 登记）") % facts
    if row.reason:
        sentence += _("，原因：%(reason)s") % facts
    if row.taken_back_at:
        undone = _who_and_when(row.taken_back_by, row.taken_back_at)
        return sentence + _("，%(undone)s 撤销") % {"undone": undone}
    return sentence + (_("，已更正") if row.replaced_by_id else "")


def _who_and_when(user, at):
    return f"{user.full_name if user else _('系统')} {timezone.localtime(at):%m-%d %H:%M}"
