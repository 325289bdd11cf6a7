"""Figures in words: what the Excel file and the PDF both show, in the same order.

Reports are Chinese, whoever asks for them: they go into the files of Chinese offices.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from kernel.counts import UNSPECIFIED
from kernel.words import moment_text, month_text
from privacy.disclosure import MINIMUM
from reports.figures import parts


@dataclass(frozen=True)
class Table:
    """A breakdown as it is shown, the largest first: (label, number or words)."""

    title: str
    heading: str
    unit: str
    rows: tuple


def in_chinese(function):
    """Run with Simplified Chinese active."""

    def run(*args):
        with translation.override("zh-hans"):
            return function(*args)

    return run


@in_chinese
def month_words(month):
    """Return 2026年2月 for an ISO date or a date."""
    return month_text(date.fromisoformat(month) if isinstance(month, str) else month)


@in_chinese
def edition(version, made_at):
    """Return 第 2 版，2026年3月5日 (周四) 08:00 生成 · 内部使用，不对外提供.

    Counts in a report are exact, so it stays in the house; what goes out is let out by privacy.release.
    """
    words = {"version": version, "moment": moment_text(made_at)}
    return _("第 %(version)s 版，%(moment)s 生成 · 内部使用，不对外提供") % words


def _of_each_app(figures, part):
    """Return what each app says of its own part of the figures, one after the other.

    An app that has come since a report was made has no part in it.
    """
    items = []
    for app, report in parts().items():
        if app in figures:
            items += getattr(report, part)(figures[app])
    return items


@in_chinese
def sections(figures):
    """Return the numbers of the month, grouped by measure."""
    return _of_each_app(figures, "sections")


@in_chinese
def tables(figures):
    """Return the breakdowns as Tables; a count under the minimum cell is worded, not given."""
    return [_shown(table) for table in _of_each_app(figures, "tables")]


@in_chinese
def trends(figures):
    """Return the charts, their points as (2026年2月, number), the oldest first."""
    return [
        replace(trend, points=tuple((month_text(month), n) for month, n in trend.points))
        for trend in _of_each_app(figures, "trends")
    ]


def _shown(table):
    words = {**table.labels, UNSPECIFIED: _("未填写")}
    # Translators: stands in a cell instead of a number
    suppressed = _("少于 %(n)s 或不公开") % {"n": MINIMUM}
    ordered = sorted(
        table.counts.items(), key=lambda item: (item[1] is None, -(item[1] or 0), item[0])
    )
    rows = tuple(
        (str(words.get(code, code)), suppressed if n is None else n) for code, n in ordered
    )
    return Table(table.title, table.heading, table.unit, rows)
