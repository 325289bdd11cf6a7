"""What an app counts: for reports, for partner units, for the trends."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Things:
    """What the programme itself offers or does: events held, seats offered. A number or {code: number}, told exactly.

    Nothing one woman could move by what she is or does belongs here.
    """

    counts: Any


@dataclass(frozen=True)
class People:
    """Women, or what they have or do or alone bring about: bookings, points, hours, the units they work in.

    Arguments:
        count: how many.
        behind: where they are not women themselves, function(since): how many women moved the count since a
            moment, all of them for None (privacy.release.people_in).
        stock: they stood so at the month's end, and most of them stand so a month later; else each month has others.
    """

    count: int
    behind: Any = field(default=None, compare=False)
    stock: bool = False


@dataclass(frozen=True)
class PeopleBy:
    """A breakdown of People.

    Arguments:
        counts: {code: how many}.
        codes: every code there could be.
        behind: {code: function(since)}, as for People.
        of: the name of the figure, one of People, it is a breakdown of; "" where no figure is its total.
        stock: as for People; one of a total is what its total is.
        year: where it is of a whole year so far, whichever month the report is of.
    """

    counts: dict
    codes: tuple
    behind: Any = field(default=None, compare=False)
    of: str = ""
    stock: bool = False
    year: int | None = None


@dataclass(frozen=True)
class PeopleByMonth:
    """A figure of People that happened (the name in `of`), as it was in each month: {first day of the month: how many}."""

    counts: dict
    of: str


@dataclass(frozen=True)
class Section:
    """One part of the monthly report: the measure it serves and its lines (label, number or words, unit).

    None instead of a number is one that is not told.
    """

    title: str
    lines: tuple


@dataclass(frozen=True)
class Table:
    """Counts by a code list, as the report shows them: `counts` {code: number or None}, `labels` their words.

    None is a number that is not told.
    """

    title: str
    heading: str
    unit: str
    counts: dict
    labels: Any


@dataclass(frozen=True)
class Trend:
    """A number by month, drawn as columns: `points` are (date of the month's first day, number or None)."""

    title: str
    heading: str
    unit: str
    points: tuple


@dataclass(frozen=True)
class Report:
    """An app's part of the monthly report.

    `monthly(start, end)` counts the month [start, end): {name: Things, People, PeopleBy or PeopleByMonth}. Staff of
    every department read the report, so what is counted of people is told them by the rule of what leaves its
    department, and what an app declares as neither is refused (reports.release). `sections(figures)`,
    `tables(figures)` and `trends(figures)` say what is left of it as plain JSON values (in the language that is
    active) as Sections, Tables and Trends.
    """

    order: int
    monthly: Any
    sections: Any
    tables: Any
    trends: Any = lambda figures: ()


@dataclass(frozen=True)
class Statistics:
    """An app's part of what partner units may count: `count(now)`, its serializer and an example of it."""

    order: int
    count: Any
    serializer: Any
    example: Any


@dataclass(frozen=True)
class TakingPart:
    """A way women take part, for the trends: `talents(since)` returns the ids of those who did since a moment (a queryset).

    `key` names it in stored figures ("events"). `for_good`: what says so is kept as long as she is, so that the trends
    may also say who never did; `talents(None)` returns all who ever did.
    """

    order: int
    key: str
    words: Any
    talents: Any
    for_good: bool = False
