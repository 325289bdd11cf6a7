"""The report on events, one or several: seats, who came, what she does and where, speakers, feedback.

Figures are counted by a number of queries that does not grow with the events. How much they say of people depends
on who reads them (`Told`).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import Enum, auto

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events import speaking
from events.after.results import average, grouped
from events.models import Booking, Certificate, Event, FeedbackGiven, Series
from events.reports import about
from kernel import counts
from kernel.words import day_text
from privacy.disclosure import MINIMUM, protect
from privacy.release import step
from talents.codes import Discipline
from talents.models import Tier

UNITS_SHOWN = 20
HIDDEN = "—"
FIGURES = ("seats", "waited", "came", "absent", "excused", "certified", "answered")


class Told(Enum):
    """How figures of people are told; seats, events, guests (numbers without names) and speakers always as they are.

    EXACTLY: on the page, to who may know who came to each of the events.
    INSIDE: in a file of one event that such a person takes out: the overview as it is, breakdowns by the rule of
        small cells (privacy.disclosure), marked as internal, because files travel.
    IN_TENS: to everybody else, and in each file of several events, which is made for others. Of each event that is
        over its figure in whole tens, nothing below ten; a total is the sum of what is told of the events. So there
        is nothing to be found by taking one report from another, however the events are ticked: every report is a
        sum of the same parts. Of an event to come nothing, since its figures move with each woman.
    """

    EXACTLY = auto()
    INSIDE = auto()
    IN_TENS = auto()


@dataclass(frozen=True)
class Line:
    """One figure: its words, the number or words, their unit, and the list behind it for whoever may read it."""

    label: str
    value: object
    unit: str = ""
    link: str = ""


@dataclass(frozen=True)
class Breakdown:
    """Who came, by one thing: rows are (words, count), None where the count could point at somebody."""

    title: str
    heading: str
    rows: list


@dataclass(frozen=True)
class Row:
    """One event of the report."""

    event: Event
    when: str
    seats: int | None
    came: int | None
    rate: str
    score: str
    link: str = ""


@dataclass(frozen=True)
class SeriesRow:
    """One series of the report: its name, events, seats had, who came, the rate, its part of all who came."""

    name: str
    events: int
    seats: int
    came: int
    rate: str
    part: str


@dataclass(frozen=True)
class Report:
    """What is reported of events, and how people are told of in it."""

    title: str
    lines: list
    breakdowns: list
    rows: list
    told: Told
    series: list = field(default_factory=list)
    notes: list = field(default_factory=list)


def told_on_page(events, user):
    """Return how the page tells `user` of people."""
    return Told.EXACTLY if _knows_names(events, user) else Told.IN_TENS


def told_in_file(events, user):
    """Return how a file `user` takes out tells of people."""
    return Told.INSIDE if len(events) == 1 and _knows_names(events, user) else Told.IN_TENS


def _knows_names(events, user):
    return user is None or all(event.shows_names_to(user) for event in events)


def of(events, *, title, at, told, reader=None, user=None):
    """Return the Report on `events` (Events of any number).

    `told` is a Told; with `user` figures lead to the lists they count, where she may read them. Of several events,
    those whose names are not for `reader` (None: the system) are in no breakdown: she would find their small cells by
    taking away what she knows of the others.
    """
    events = sorted(events, key=lambda event: (event.starts_at, event.pk))
    bookings = Booking.objects.filter(event__in=events)
    came = bookings.checked_in()
    open_to = [e for e in events if len(events) == 1 or reader is None or e.shows_names_to(reader)]
    figures = _figures(events, bookings)
    if told is Told.IN_TENS:
        figures = {event.pk: _in_tens(figures[event.pk], event, at) for event in events}
    scores = grouped(events, at)
    rows = [_row(event, figures[event.pk], scores[event.pk], told, user) for event in events]
    return Report(
        title=title,
        lines=_lines(events, figures, scores, came, told, user),
        breakdowns=_breakdowns(came.filter(event__in=open_to), told),
        rows=rows,
        told=told,
        series=_by_series(rows, told),
        notes=_notes(events, told, left_out=len(open_to) < len(events)),
    )


def _figures(events, bookings):
    """Return {event's key: {figure of people: count}}. Three queries."""
    states = defaultdict(Counter)
    rows = bookings.order_by().values_list("event", "state").annotate(n=Count("pk"))
    for event, state, count in rows:
        states[event][state] = count
    valid = Certificate.objects.valid().filter(event__in=events, kind="attendance")
    certified = _by_event(valid, "event")
    answers = FeedbackGiven.objects.filter(booking__event__in=events)
    answered = _by_event(answers, "booking__event")
    return {
        event.pk: {
            "seats": event.seats_taken,
            "waited": states[event.pk]["waitlisted"] + states[event.pk]["expired"],
            # Those included whose names are gone by rule.
            "came": states[event.pk]["attended"] + event.attended_kept,
            "absent": states[event.pk]["absent"],
            "excused": states[event.pk]["excused"],
            "certified": certified.get(event.pk, 0),
            "answered": answered.get(event.pk, 0),
        }
        for event in events
    }


def _by_event(queryset, event):
    return dict(queryset.order_by().values_list(event).annotate(n=Count("pk")))


def _in_tens(figures, event, at):
    over = event.ends_at <= at
    return {name: (step(0, count) or None) if over else None for name, count in figures.items()}


def _sum(counted):
    """Return the sum of what is told; None where nothing is, so that no nought stands for what is left out."""
    known = [count for count in counted if count is not None]
    return sum(known) if known else None


def _row(event, figures, answers, told, user):
    return Row(
        event=event,
        when=day_text(event.starts_at),
        seats=figures["seats"],
        came=figures["came"],
        rate=_rate(figures["came"], figures["seats"], told),
        score=average(answers),
        link=_link("change", event, user),
    )


def _by_series(rows, told):
    """Return a SeriesRow for each series of these Rows, the most visited first; none where they are all of one. One query."""
    found = defaultdict(list)
    for row in rows:
        found[row.event.series_id].append(row)
    if len(found) < 2:
        return []
    names = dict(Series.objects.filter(pk__in=found).values_list("pk", "name"))
    came = _sum(row.came for row in rows)
    series = [
        _series_row(names.get(pk, _("单场活动")), of_it, came, told) for pk, of_it in found.items()
    ]
    return sorted(series, key=lambda row: (-(row.came or 0), row.name))


def _series_row(name, rows, all_came, told):
    seats, came = _sum(row.seats for row in rows), _sum(row.came for row in rows)
    rate, part = _rate(came, seats, told), _rate(came, all_came, told)
    return SeriesRow(str(name), len(rows), seats, came, rate, part)


def _link(page, event, user, fragment=""):
    """Return the address of an event's page of the admin, "" for a reader who has none."""
    if user is None or not event.shows_names_to(user):
        return ""
    return reverse(f"admin:events_event_{page}", args=[event.pk]) + fragment


def rate(part, whole):
    """Return 83.3%, or a dash where there is nothing to divide by."""
    return f"{part / whole * 100:.1f}%" if whole else HIDDEN


def _rate(part, whole, told):
    """Return a rate as exactly as its parts are told."""
    if told is not Told.IN_TENS:
        return rate(part, whole)
    return about(part, whole) or HIDDEN


def _lines(events, figures, scores, came, told, user):
    only = events[0] if len(events) == 1 else None
    names = (only and _link("change", only, user, "#bookings-title")) or ""
    person, times, piece = _("人"), _("人次"), _("场")

    total = {name: _sum(one[name] for one in figures.values()) for name in FIGURES}
    women = came.aggregate(
        women=Count("talent", distinct=True), units=Count("talent__unit", distinct=True)
    )
    if told is Told.IN_TENS:  # who comes to two events is in two parts: this is no sum of them
        women = {"women": None, "units": None}
    answers = [answer for found in scores.values() for answer in found]
    share = speaking.share(Event.objects.filter(pk__in=[event.pk for event in events]))
    guests = sum(event.guests for event in events)
    lines = [
        Line(_("活动"), len(events), piece),
        Line(_("席位"), sum(event.capacity for event in events), _("个")),
        _people(_("报名"), total["seats"], times, names),
        _people(_("候补没有排上"), total["waited"], times, names),
        _people(_("到场"), total["came"], times, names),
        Line(_("到场率"), _rate(total["came"], total["seats"], told)),
        _people(_("未到场"), total["absent"], times, names),
        _people(_("已请假"), total["excused"], times, names),
        _people(_("到场的女性科技人才（不重复）"), women["women"], person, names),
        _people(_("来自单位"), women["units"], _("家")),
        Line(_("库外来宾"), guests, person),
        Line(_("参加的人中女性"), _women_among(total["came"], events, guests, told)),
        Line(_("主讲人"), share.people, person),
        Line(_("其中女性"), _("%(n)s 人，占 %(percent)s") % _share_words(share)),
        _people(
            _("有效证书"), total["certified"], _("份"), only and _link("certificates", only, user)
        ),
        _people(_("收到反馈"), total["answered"], _("份"), only and _link("feedback", only, user)),
        Line(_("总体感受"), average(answers) or HIDDEN, _("分，满分 5 分")),
    ]
    return lines[1:] if only else lines


def _people(label, count, unit, link=""):
    """Return the Line of a figure of people; where it is not told it has no unit either."""
    return Line(label, HIDDEN, "") if count is None else Line(label, count, unit, link or "")


def _women_among(attended, events, guests, told):
    """Say the share of women among all who came: of the database all are, of the guests those staff counted."""
    if attended is None:
        return HIDDEN
    women = attended + sum(event.guests_women for event in events)
    return f"{women} / {attended + guests} · {_rate(women, attended + guests, told)}"


def _share_words(share):
    percent = "—" if share.percent is None else f"{share.percent}%"
    return {"n": share.women, "percent": percent}


def _breakdowns(came, told):
    tables = (
        (_("到场的人 · 按学科"), _("学科"), "talent__discipline", dict(Discipline.choices)),
        (_("到场的人 · 按人才层次"), _("人才层次"), "talent__tier", dict(Tier.choices)),
        (_("到场的人 · 按单位"), _("单位"), "talent__unit__name", {}),
    )
    return [
        Breakdown(title, heading, _cells(counts.by(came, column), words, told))
        for title, heading, column, words in tables
    ]


def _cells(found, words, told):
    shown = found if told is Told.EXACTLY else protect(found)
    if told is Told.IN_TENS:
        shown = {code: n and step(0, n) for code, n in shown.items()}
    named = {code: str(words.get(code, code)) for code in shown}
    named |= {counts.UNSPECIFIED: pgettext("counted", "未填写")}
    rows = [(named[code], n) for code, n in shown.items()]
    rows.sort(key=lambda row: (row[1] is None, -(row[1] or 0), row[0]))
    return rows if told is Told.EXACTLY else rows[:UNITS_SHOWN]


def _notes(events, told, left_out):
    notes = []
    if told is Told.INSIDE:
        notes.append(_("总览里是准确人数，供主办部门内部使用，不对外提供。"))
    if told is Told.IN_TENS:
        sentence = _(
            "人数按每场已结束的活动取整十（不足 %(n)s 人和未结束的不列），合计为各场之和，实际不低于此；"
            "不重复人数和单位数不列。活动、席位、来宾和主讲人为准确数字。"
        )
        notes.append(sentence % {"n": MINIMUM})
    if left_out:
        notes.append(_("敏感主题的活动只计入总数，不按学科、层次和单位统计。"))
    if told is not Told.EXACTLY:
        sentence = _("按学科、层次、单位统计时，不足 %(n)s 人的格子不列出数字，以免对应到个人。")
        notes.append(sentence % {"n": MINIMUM})
    if any(event.attended_kept for event in events):
        notes.append(_("一年以前的报名名单已按规定删除，只计入总数，不再按学科、层次和单位统计。"))
    return notes
