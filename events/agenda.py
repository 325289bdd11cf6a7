"""An agenda as a clerk types it, one line for each session, and back again.

    12月4日
    14:00–14:20 签到与开场
    14:20–15:00 主旨报告 | 周雨桐，两江半导体研究院，高级工程师（女）；W4N8TQ2HXB | 三楼报告厅

Speakers stand between the first two bars with ; between them: a woman of the database by the code of her record,
a guest by name, unit and position. A line with a date alone says on which day of the event the following lines are.
A session whose end is not typed ends when the next one begins, the last one with the event.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Session, Sex, Speaker
from kernel import ids
from kernel.errors import Invalid
from kernel.words import moment_text, span_text
from talents.models import Talent

FIELD = "agenda"
MOST_LINES, MOST_SPEAKERS = 200, 20
CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
LINE = re.compile(rf"{CLOCK}(?:\s*(?:[-–—~]+|至|到)\s*{CLOCK})?(?:\s+|(?=\D))(.*)")
DAY = re.compile(r"(?:(\d{4})\s*[年/.-]\s*)?(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?\s*(?:\(?周.\)?)?")
CODE = re.compile(rf"(?<![0-9A-Z])[{ids.ALPHABET}]{{10}}(?![0-9A-Z])")
SEX = re.compile(r"\(\s*([男女MF])\s*\)")
SEXES = {"男": Sex.MALE, "女": Sex.FEMALE, "M": Sex.MALE, "F": Sex.FEMALE}


@dataclass(frozen=True)
class Named:
    """Who is to speak: a Talent, or a guest."""

    talent: Talent | None = None
    guest_name: str = ""
    unit: str = ""
    position: str = ""
    sex: str = ""

    @property
    def key(self):
        """Return what makes her the same speaker in another version of the agenda."""
        return (self.talent.pk, "", "") if self.talent else (None, self.guest_name, self.unit)

    @property
    def name(self):
        """Return what she is called."""
        return self.talent.full_name if self.talent else self.guest_name

    @property
    def what(self):
        """Return unit and position in one line."""
        source = (self.talent.unit_name, self.talent.position) if self.talent else None
        return " ".join(filter(None, source or (self.unit, self.position)))


@dataclass(frozen=True)
class Planned:
    """One session as it is to be."""

    title: str
    starts_at: datetime
    ends_at: datetime
    room: str = ""
    speakers: tuple = ()

    @property
    def when(self):
        """Return its day and time in words."""
        return span_text(self.starts_at, self.ends_at)

    @property
    def facts(self):
        """Return what is told to who speaks in it."""
        return (self.title, self.room, self.starts_at, self.ends_at)


# --- reading ---------------------------------------------------------------------------------------
def parse(text, event):
    """Return the Planned sessions `text` says, by time, for the time of `event`.

    Raises Invalid at the field "agenda", with the number of the line, for a line that is not understood, a code
    nobody has, a session that ends before it begins or lies outside the event, two at one time in one room.
    """
    lines = _lines(text)
    talents = _talents(lines)
    day, planned = timezone.localdate(event.starts_at), []
    for number, line in lines:
        if found := DAY.fullmatch(_plain(line)):
            day = _day(found, number, event)
            continue
        planned.append((number, _session(number, line, day, talents)))
    closed = _close(planned, event)
    for number, session in closed:
        _refuse(number, session, event)
    _refuse_overlap(closed)
    return [session for _number, session in sorted(closed, key=_by_time)]


def _lines(text):
    """Return (number, line) of what is typed."""
    tidy = [" ".join(line.split()) for line in (text or "").splitlines()]
    lines = [(number, line) for number, line in enumerate(tidy, 1) if line]
    if len(lines) > MOST_LINES:
        raise Invalid(
            "agenda_too_long", _("议程最多 %(most)s 行。") % {"most": MOST_LINES}, field=FIELD
        )
    return lines


# What stands between things may be typed in its full-width form; a title keeps its own.
SIGNS = str.maketrans("：（）｜；，～０１２３４５６７８９", ":()|;,~0123456789")


def _plain(text):
    """Return `text` with plain signs, of the same length."""
    return text.translate(SIGNS)


def _by_time(numbered):
    _number, session = numbered
    return (session.starts_at, session.room)


def _error(number, code, sentence):
    at = _("第 %(number)s 行：%(sentence)s") % {"number": number, "sentence": sentence}
    return Invalid(code, at, field=FIELD)


def _day(found, number, event):
    """Return the day of the event a line names."""
    year, month, day = (int(part) if part else None for part in found.groups())
    first, last = timezone.localdate(event.starts_at), timezone.localdate(event.ends_at)
    for offset in range((last - first).days + 1):
        held = first + timedelta(days=offset)
        if (held.month, held.day) == (month, day) and year in (None, held.year):
            return held
    raise _error(number, "agenda_day", _("活动不在这一天举行。"))


def _session(number, line, day, talents):
    found = LINE.fullmatch(_plain(line))
    if found is None:
        sentence = _("请先写时间，如“14:00–14:40 主旨报告 | 王敏，示例研究院，研究员”。")
        raise _error(number, "agenda_line", sentence)
    hour, minute, to_hour, to_minute, _rest = found.groups()
    title, *more = _between_bars(line[found.start(5) :])
    if not title or len(title) > 80 or len(more) > 2:
        sentence = _("时间后面写内容（不超过 80 字），再用“|”隔开主讲人和会场。")
        raise _error(number, "agenda_title", sentence)
    speakers, room = (*more, "", "")[:2]
    if len(room) > 60:
        raise _error(number, "agenda_room", _("会场请写在 60 字以内。"))
    starts_at = _moment(day, hour, minute)
    ends_at = _moment(day, to_hour, to_minute) if to_hour else None
    return Planned(title, starts_at, ends_at, room, _speakers(number, speakers, talents))


def _moment(day, hour, minute):
    clock = time(int(hour), int(minute))
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())


def _close(planned, event):
    """Give each session without an end the beginning of the next one, the last one the event's end."""
    starts = sorted(session.starts_at for _number, session in planned)
    closed = []
    for number, session in planned:
        later = [start for start in starts if start > session.starts_at]
        end = session.ends_at or (later[0] if later else event.ends_at)
        closed.append((number, replace(session, ends_at=end)))
    return closed


def _refuse(number, session, event):
    if session.ends_at <= session.starts_at:
        raise _error(number, "session_ends_early", _("结束时间要晚于开始时间。"))
    if session.starts_at < event.starts_at or session.ends_at > event.ends_at:
        sentence = _("不在活动时间之内，活动从 %(start)s 到 %(end)s。")
        span = {"start": moment_text(event.starts_at), "end": moment_text(event.ends_at)}
        raise _error(number, "session_outside", sentence % span)


def _refuse_overlap(closed):
    last = {}
    for number, session in sorted(closed, key=_by_time):
        before = last.get(session.room)
        if before and session.starts_at < before.ends_at:
            sentence = _("与“%(title)s”在同一会场时间重叠，请改时间，或在行末写明会场。")
            raise _error(number, "session_overlaps", sentence % {"title": before.title})
        last[session.room] = session


# --- speakers --------------------------------------------------------------------------------------
def _talents(lines):
    """Return {code: Talent} of the codes typed anywhere between the bars."""
    codes = {code for _number, line in lines for code in CODE.findall(_speakers_of(line))}
    people = Talent.objects.active().filter(code__in=codes).select_related("unit", "user")
    return {talent.code: talent for talent in people}


def _between_bars(line):
    return [part.strip() for part in re.split("[|｜]", line)]


def _speakers_of(line):
    return [*_between_bars(line), ""][1]


def _speakers(number, text, talents):
    named = [_speaker(number, part, talents) for part in _parts(text)]
    if len(named) > MOST_SPEAKERS:
        sentence = _("一节最多写 %(most)s 位主讲人。") % {"most": MOST_SPEAKERS}
        raise _error(number, "speakers_too_many", sentence)
    if len({one.key for one in named}) < len(named):
        raise _error(number, "speaker_twice", _("同一位主讲人写了两次。"))
    return tuple(named)


def _parts(text):
    """Return what stands for one speaker each; 、 parts bare names: in a position it does not."""
    parts = [part.strip() for part in _plain(text).split(";") if part.strip()]
    for part in parts:
        yield from [part] if re.search(r"[,\s]", part) else filter(None, part.split("、"))


def _speaker(number, part, talents):
    if found := CODE.search(part):
        return _from_database(number, found[0], part, talents)
    sex = SEX.search(part)
    rest = SEX.sub("", part)
    words = [word.strip() for word in rest.split(",", 2)] if "," in rest else rest.split(None, 2)
    name, unit, position = (*words, "", "")[:3]
    if not name or len(name) > 60 or len(unit) > 60 or len(position) > 80:
        sentence = _("主讲人请按“姓名，单位，职务”写，姓名和单位各不超过 60 字。")
        raise _error(number, "speaker_unread", sentence)
    return Named(None, name, unit, position, SEXES[sex[1]] if sex else "")


def _from_database(number, code, part, talents):
    """Return the woman whose code was typed; a name beside it has to be hers."""
    talent = talents.get(code)
    if talent is None:
        sentence = _("没有找到人才编号 %(code)s，请核对。") % {"code": code}
        raise _error(number, "speaker_unknown", sentence)
    beside = "".join(CODE.sub("", SEX.sub("", part)).split()).strip(",")
    if beside and talent.full_name.replace(" ", "") not in beside:
        sentence = _("编号 %(code)s 与“%(name)s”不符，请核对。") % {"code": code, "name": beside}
        raise _error(number, "speaker_mismatch", sentence)
    return Named(talent, sex=Sex.FEMALE)  # the database is of women


# --- writing ---------------------------------------------------------------------------------------
def digest(text):
    """Return what tells one version of an agenda's text from another."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return hashlib.sha256(lines.encode()).hexdigest()


def written(event):
    """Return the agenda of `event` as the text `parse` reads."""
    sessions = event.sessions.prefetch_related("speakers__talent__unit")
    lines, day = [], timezone.localdate(event.starts_at)
    for session in sessions:
        if session.day != day:
            day = session.day
            lines.append(f"{day.month}月{day.day}日")
        lines.append(_line(session))
    return "\n".join(lines)


def _line(session: Session):
    speakers = "；".join(filter(None, map(_written_speaker, session.speakers.all())))
    parts = [f"{session.time_text} {session.title}", speakers, session.room]
    while not parts[-1]:
        parts.pop()
    return " | ".join(parts)


def _written_speaker(speaker: Speaker):
    if speaker.talent_id:
        return f"{speaker.talent.full_name} {speaker.talent.code}"
    words = "，".join((speaker.guest_name, speaker.unit, speaker.position)).rstrip("，")
    if " " in words and "，" not in words:
        words += "，"  # a name with a blank in it is one name
    return words + (f"（{speaker.get_sex_display()}）" if speaker.sex else "")
