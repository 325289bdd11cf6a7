"""The report on events, one or several: seats, who came, what she does and where, speakers, feedback.

Figures are counted by a number of queries that does not grow with the events. What could point at a woman is told
exactly to those who may know who came, and to others, and in every file, by the rule of small cells
(privacy.disclosure).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events import speaking
from events.after.results import average, grouped
from events.models import Booking, Certificate, Event, FeedbackGiven, Series
from kernel import counts
from kernel.words import day_text
from privacy.disclosure import MINIMUM, protect
from talents.codes import Discipline
from talents.models import Tier

UNITS_SHOWN = 20


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
    came: int
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
    """What is reported of events; `exact` tells whether small cells are in it."""

    title: str
    lines: list
    breakdowns: list
    rows: list
    exact: bool
    series: list = field(default_factory=list)
    notes: list = field(default_factory=list)


def of(events, *, title, at, exact, reader=None, user=None):
    """Return the Report on `events` (Events of any number).

    `exact` shows small cells too, for those who may know who came; with `user` figures lead to the lists they count,
    where she may read them. Of several events, those whose names are not for `reader` (None: the system) are in no
    breakdown: she would find their small cells by taking away what she knows of the others.
    """
    events = sorted(events, key=lambda event: (event.starts_at, event.pk))
    bookings = Booking.objects.filter(event__in=events)
    came = bookings.checked_in()
    open_to = [e for e in events if len(events) == 1 or reader is None or e.shows_names_to(reader)]
    states = _states(bookings)
    scores = grouped(events, at)
    rows = [_row(event, states[event.pk], scores[event.pk], user) for event in events]
    return Report(
        title=title,
        lines=_lines(events, states, rows, scores, came, user),
        breakdowns=_breakdowns(came.filter(event__in=open_to), exact),
        rows=rows,
        exact=exact,
        series=_by_series(rows),
        notes=_notes(events, exact, left_out=len(open_to) < len(events)),
    )


def _states(bookings):
    """Return {event's key: Counter of its bookings by state}. One query."""
    found = defaultdict(Counter)
    rows = bookings.order_by().values_list("event", "state").annotate(n=Count("pk"))
    for event, state, count in rows:
        found[event][state] = count
    return found


def _came(event, states):
    """Return how many came, those included whose names are gone by rule."""
    return states["attended"] + event.attended_kept


def _row(event, states, answers, user):
    came = _came(event, states)
    return Row(
        event=event,
        when=day_text(event.starts_at),
        came=came,
        rate=rate(came, event.seats_taken),
        score=average(answers),
        link=_link("change", event, user),
    )


def _by_series(rows):
    """Return a SeriesRow for each series of these Rows, the most visited first; none where they are all of one. One query."""
    found = defaultdict(list)
    for row in rows:
        found[row.event.series_id].append(row)
    if len(found) < 2:
        return []
    names = dict(Series.objects.filter(pk__in=found).values_list("pk", "name"))
    came = sum(row.came for row in rows)
    series = [_series_row(names.get(pk, _("单场活动")), of_it, came) for pk, of_it in found.items()]
    return sorted(series, key=lambda row: (-row.came, row.name))


def _series_row(name, rows, all_came):
    seats, came = sum(row.event.seats_taken for row in rows), sum(row.came for row in rows)
    return SeriesRow(str(name), len(rows), seats, came, rate(came, seats), rate(came, all_came))


def _link(page, event, user, fragment=""):
    """Return the address of an event's page of the admin, "" for a reader who has none."""
    if user is None or not event.shows_names_to(user):
        return ""
    return reverse(f"admin:events_event_{page}", args=[event.pk]) + fragment


def rate(part, whole):
    """Return 83.3%, or a dash where there is nothing to divide by."""
    return f"{part / whole * 100:.1f}%" if whole else "—"


def _lines(events, states, rows, scores, came, user):
    only = events[0] if len(events) == 1 else None
    names = only and _link("change", only, user, "#bookings-title")
    person, times, piece = _("人"), _("人次"), _("场")
    total = Counter()
    for event in events:
        total += states[event.pk]
    capacity, seats = (sum(getattr(e, n) for e in events) for n in ("capacity", "seats_taken"))
    attended = sum(row.came for row in rows)
    women = came.aggregate(
        women=Count("talent", distinct=True), units=Count("talent__unit", distinct=True)
    )
    answers = [answer for found in scores.values() for answer in found]
    given = FeedbackGiven.objects.filter(booking__event__in=events).count()
    certified = Certificate.objects.valid().filter(event__in=events, kind="attendance").count()
    share = speaking.share(Event.objects.filter(pk__in=[event.pk for event in events]))
    guests = sum(event.guests for event in events)
    lines = [
        Line(_("活动"), len(events), piece),
        Line(_("席位"), capacity, _("个")),
        Line(_("报名"), seats, times, names or ""),
        Line(_("候补没有排上"), total["waitlisted"] + total["expired"], times, names or ""),
        Line(_("到场"), attended, times, names or ""),
        Line(_("到场率"), rate(attended, seats)),
        Line(_("未到场"), total["absent"], times, names or ""),
        Line(_("已请假"), total["excused"], times, names or ""),
        Line(_("到场的女性科技人才（不重复）"), women["women"], person, names or ""),
        Line(_("来自单位"), women["units"], _("家")),
        Line(_("库外来宾"), guests, person),
        Line(_("参加的人中女性"), _people_words(attended, events, guests)),
        Line(_("主讲人"), share.people, person),
        Line(_("其中女性"), _("%(n)s 人，占 %(percent)s") % _share_words(share)),
        Line(_("有效证书"), certified, _("份"), (only and _link("certificates", only, user)) or ""),
        Line(_("收到反馈"), given, _("份"), (only and _link("feedback", only, user)) or ""),
        Line(_("总体感受"), average(answers) or "—", _("分，满分 5 分")),
    ]
    return lines[1:] if only else lines


def _people_words(attended, events, guests):
    """Say the share of women among all who came: of the database all are, of the guests those staff counted."""
    women = attended + sum(event.guests_women for event in events)
    return f"{women} / {attended + guests} · {rate(women, attended + guests)}"


def _share_words(share):
    percent = "—" if share.percent is None else f"{share.percent}%"
    return {"n": share.women, "percent": percent}


def _breakdowns(came, exact):
    tables = (
        (_("到场的人 · 按学科"), _("学科"), "talent__discipline", dict(Discipline.choices)),
        (_("到场的人 · 按人才层次"), _("人才层次"), "talent__tier", dict(Tier.choices)),
        (_("到场的人 · 按单位"), _("单位"), "talent__unit__name", {}),
    )
    return [
        Breakdown(title, heading, _cells(counts.by(came, column), words, exact))
        for title, heading, column, words in tables
    ]


def _cells(found, words, exact):
    shown = found if exact else protect(found)
    named = {code: str(words.get(code, code)) for code in shown}
    named |= {counts.UNSPECIFIED: pgettext("counted", "未填写")}
    rows = [(named[code], n) for code, n in shown.items()]
    rows.sort(key=lambda row: (row[1] is None, -(row[1] or 0), row[0]))
    return rows if exact else rows[:UNITS_SHOWN]


def _notes(events, exact, left_out):
    notes = []
    if left_out:
        notes.append(_("敏感主题的活动只计入总数，不按学科、层次和单位统计。"))
    if not exact:
        sentence = _("按学科、层次、单位统计时，不足 %(n)s 人的格子不列出数字，以免对应到个人。")
        notes.append(sentence % {"n": MINIMUM})
    if any(event.attended_kept for event in events):
        notes.append(_("一年以前的报名名单已按规定删除，只计入总数，不再按学科、层次和单位统计。"))
    return notes
