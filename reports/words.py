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

CLOSED_LISTED = 8  # lines of a breakdown that are not told; more share one


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

    It is for staff of all departments. Others are told by the statistics for partners, one series of figures: two,
    each ten apart from the truth in its own way, would say more together than either does.
    """
    words = {"version": version, "moment": moment_text(made_at)}
    return _("第 %(version)s 版，%(moment)s 生成 · 内部使用，不对外提供") % words


@in_chinese
def note():
    """Return what both files say of their numbers."""
    return _(
        "数据来自两江女性科技人才门户，按北京时间自然月统计。活动场次和提供的席位是精确数。"
        "其他数字与人有关，以 10 为单位：不足 10 的、能推出小数字的不公开，公布过的在库人数等不再低于 10，"
        "相差不到 10 人的不变动，所以各项之和可能不等于合计。本部门的精确人数见“发展趋势”。"
    )


def _not_told():
    # Translators: stands instead of a number
    return _("不足 %(n)s 人或不公开") % {"n": MINIMUM}


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
    """Return the numbers of the month, grouped by measure; one that is not told is worded."""
    return [
        replace(
            section,
            lines=tuple(
                (label, _not_told(), "") if value is None else (label, value, unit)
                for label, value, unit in section.lines
            ),
        )
        for section in _of_each_app(figures, "sections")
    ]


@in_chinese
def tables(figures):
    """Return the breakdowns as Tables; what is not told comes last, in one line where it is much."""
    return [_shown(table) for table in _of_each_app(figures, "tables")]


@in_chinese
def trends(figures):
    """Return the charts, their points as (2026年2月, number or words instead of it), the oldest first."""
    return [
        replace(
            trend,
            points=tuple(
                (month_text(month), _not_told() if n is None else n) for month, n in trend.points
            ),
        )
        for trend in _of_each_app(figures, "trends")
    ]


def _shown(table):
    words = {**table.labels, UNSPECIFIED: _("未填写")}
    told = [(code, n) for code, n in table.counts.items() if n is not None]
    told.sort(key=lambda cell: (-cell[1], cell[0]))
    rows = [(str(words.get(code, code)), n) for code, n in told]
    closed = [words.get(code, code) for code, n in table.counts.items() if n is None]
    if len(closed) > CLOSED_LISTED:
        rest = _("其余 %(n)s 项，每项") if told else _("%(n)s 项，每项")
        closed = [rest % {"n": len(closed)}]
    rows += [(str(label), _not_told()) for label in closed]
    return Table(table.title, table.heading, table.unit, tuple(rows))
