"""Figures in words: what the Excel file and the PDF both show, in the same order.

Reports are Chinese, whoever asks for them: they go into the files of Chinese offices.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from care_points.models import Category
from events.models import EventKind
from reports.disclosure import MINIMUM
from reports.figures import UNSPECIFIED
from talents import codes


@dataclass(frozen=True)
class Section:
    """One part of the report: the measure it serves and its lines (label, number or words, unit)."""

    title: str
    lines: tuple


@dataclass(frozen=True)
class Table:
    """Counts by one code list, the largest first: (label, number or words)."""

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


def month_words(month):
    """Return 2026年2月 for an ISO date or a date."""
    day = date.fromisoformat(month) if isinstance(month, str) else month
    return f"{day.year}年{day.month}月"


@in_chinese
def sections(figures):
    """Return the numbers of the month, grouped by measure."""
    talents, events, points = figures["talents"], figures["events"], figures["points"]
    person, times, piece, score = _("人"), _("人次"), _("场"), _("分")
    return (
        Section(
            _("措施一 · 女性科技人才数据库"),
            (
                (_("在库人才"), talents["total"], person),
                (_("本月新入库"), talents["new"], person),
                (_("待审核"), talents["waiting"], person),
                (_("覆盖单位"), talents["units"], _("家")),
                (_("有海外学习经历"), talents["overseas"], person),
            ),
        ),
        Section(
            _("措施二 · 交流合作"),
            (
                (_("举办活动"), events["held"], piece),
                (_("其中女性议题或专场"), events["womens_track"], piece),
                (_("取消活动"), events["cancelled"], piece),
                (_("提供名额"), events["capacity"], _("个")),
                (_("报名"), events["booked"], times),
                (_("签到"), events["attended"], times),
                (_("签到率"), _rate(events["attended"], events["booked"]), ""),
            ),
        ),
        Section(
            _("措施九 · 巾帼关爱计划"),
            (
                (_("发放积分"), points["earned"], score),
                (_("获得积分"), points["earners"], person),
                (_("兑换积分"), points["redeemed"], score),
                (_("退回积分"), points["returned"], score),
                (_("使用服务"), points["fulfilled"], times),
            ),
        ),
        Section(
            _("措施十 · 志愿服务"),
            (
                (_("已确认志愿服务"), points["volunteer_half_hours"] / 2, _("小时")),
                (_("参与志愿服务"), points["volunteers"], person),
            ),
        ),
    )


@in_chinese
def tables(figures):
    """Return the breakdowns."""
    talents, events, points = figures["talents"], figures["events"], figures["points"]
    person = _("人数")
    department = {code: code for code in talents["by_department"]}
    return (
        _table(
            _("在库人才 · 按职称级别"), _("职称级别"), person, talents["by_title"], codes.TitleLevel
        ),
        _table(
            _("在库人才 · 按学历"), _("学历"), person, talents["by_education"], codes.EducationLevel
        ),
        _table(
            _("在库人才 · 按学科"), _("学科"), person, talents["by_discipline"], codes.Discipline
        ),
        _table(_("在库人才 · 按归口部门"), _("部门"), person, talents["by_department"], department),
        _table(_("举办活动 · 按类型"), _("活动类型"), _("场数"), events["by_kind"], EventKind),
        _table(_("使用服务 · 按类别"), _("服务类别"), _("人次"), points["by_category"], Category),
    )


@in_chinese
def trend(figures):
    """Return the chart's numbers: [(2026年2月, newly verified people)], the oldest first."""
    return [(month_words(month), n) for month, n in figures["talents"]["trend"]]


def _table(title, heading, unit, counts, labels):
    words = dict(labels.choices) if hasattr(labels, "choices") else labels
    words = {**words, UNSPECIFIED: _("未填写")}
    few = _("少于 %(n)s 或不公开") % {"n": MINIMUM}
    ordered = sorted(counts.items(), key=lambda item: (item[1] is None, -(item[1] or 0), item[0]))
    rows = tuple((str(words.get(code, code)), few if n is None else n) for code, n in ordered)
    return Table(title, heading, unit, rows)


def _rate(part, whole):
    """Return 83.3%, or a dash where there is nothing to divide by."""
    return f"{part / whole * 100:.1f}%" if whole else "—"
