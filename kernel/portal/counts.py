"""What an app counts: for reports, for partner units, for the trends."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Section:
    """One part of the monthly report: the measure it serves and its lines (label, number or words, unit)."""

    title: str
    lines: tuple


@dataclass(frozen=True)
class Table:
    """Counts by a code list, as the report shows them: `counts` {code: number or None}, `labels` their words."""

    title: str
    heading: str
    unit: str
    counts: dict
    labels: Any


@dataclass(frozen=True)
class Trend:
    """A number by month, drawn as columns: `points` are (date of the month's first day, number)."""

    title: str
    heading: str
    unit: str
    points: tuple


@dataclass(frozen=True)
class Report:
    """An app's part of the monthly report.

    `monthly(start, end)` counts the month [start, end) into plain JSON values; `sections(figures)`,
    `tables(figures)` and `trends(figures)` say them (in the language that is active) as Sections, Tables
    and Trends.
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
