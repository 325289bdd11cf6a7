"""The app's figures for the monthly report and for partner units; reads, writes nothing."""

from datetime import date

from django.db.models import CharField, Count, Exists, OuterRef, Q
from django.db.models.functions import Cast, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import Department, Unit, UnitKind
from kernel import counts
from kernel.api.view import CountsField
from kernel.days import month_bounds, month_of, months_after, within
from kernel.portal import (
    People,
    PeopleBy,
    PeopleByMonth,
    Section,
    Statistics,
    Table,
    Trend,
)
from privacy.disclosure import MINIMUM
from privacy.models import AuditEntry
from privacy.release import release_together
from talents import codes, standing
from talents.models import Talent, TalentState
from talents.trends.models import TrendFigures

TREND_MONTHS = 12
# What partners may count people by: the field, and its codes.
DIMENSIONS = {
    "discipline": ("discipline", codes.Discipline),
    "industry": ("industry", codes.Industry),
    "title_level": ("title_level", codes.TitleLevel),
    "education_level": ("education_level", codes.EducationLevel),
    "unit_kind": ("unit__kind", UnitKind),
}


# Who joined is told by month: beside the months their sum could tell a small one.
FLOWS = {
    "returned": gettext_lazy("回到库里"),
    "left": gettext_lazy("离开"),
    "title": gettext_lazy("晋升职称"),
    "tier": gettext_lazy("提高层次"),
}


def monthly(start, end):
    """Count the records of the database as they stood at the end of [start, end)."""
    talents, day = Talent.objects.verified().filter(verified_at__lt=end), timezone.localdate(end)
    units = Unit.objects.filter(talents__in=talents).distinct()
    departments = Department.objects.values_list("short_name", flat=True)
    return {
        "total": People(talents.count(), stock=True),
        "by_title": _by(talents, "title_level", codes.TitleLevel.values),
        "by_education": _by(talents, "education_level", codes.EducationLevel.values),
        "by_discipline": _by(talents, "discipline", codes.Discipline.values),
        "by_department": _by(talents, "department__short_name", departments),
        "listed": People(talents.listed(day).count(), stock=True),
        "moved_away": People(talents.filter(moved_away_on__lt=day).count(), stock=True),
        "stale": People(
            talents.filter(moved_away_on=None, confirm_from__lt=end).count(), stock=True
        ),
        "outdated": People(standing.stale(talents.active(), day).count(), stock=True),
        "overseas": People(talents.filter(overseas_study=True).count(), stock=True),
        "units": People(units.count(), stock=True),
        "waiting": People(waiting_at(end)),  # others wait a month later
        "new": People(talents.filter(verified_at__gte=start).count()),
        "trend": PeopleByMonth(_by_month(month_of(start), end), of="new"),
        "confirmed": People(talents.filter(**within("confirmed_at", start, end)).count()),
        "flows": _flows(month_of(start).year),
    }


def _by(talents, field, known):
    """Return the breakdown of the total by a field; `known` are its codes."""
    return PeopleBy(counts.by(talents, field), (*known, counts.UNSPECIFIED), of="total")


def _flows(year):
    """Return what became of the women of all departments in a year, as the trends were computed last."""
    kept = TrendFigures.objects.filter(department=None).first()
    flows = kept.figures["flows"] if kept else []
    counted = next((flow for flow in flows if flow["year"] == year), {})
    return PeopleBy({name: counted.get(name, 0) for name in FLOWS}, tuple(FLOWS), year=year)


# What moves a record between states; of the others an entry says the state itself (`state`).
MOVES = (
    "talents.submit",
    "talents.verify",
    "talents.return_with_reason",
    "talents.leave_database",
    "talents.import_talent",
)


def waiting_at(moment):
    """Count the records that waited for a decision at a moment, as the audit log tells it.

    A record's own columns say when it was handed in last, not that it had been handed in, returned and
    handed in again. Where the log has nothing of a record (it was loaded), the columns are all there is.
    """
    moves = AuditEntry.objects.filter(
        Q(action__in=MOVES) | Q(detail__has_key="state"),
        object_type=Talent._meta.label_lower,
        at__lt=moment,
    )
    later = moves.filter(object_id=OuterRef("object_id"), pk__gt=OuterRef("pk"))
    handed_in = moves.filter(Q(action="talents.submit") | Q(detail__state=TalentState.SUBMITTED))
    logged = handed_in.filter(~Exists(later))
    known = moves.filter(object_id=Cast(OuterRef("pk"), CharField()))
    loaded = Talent.objects.filter(
        Q(state=TalentState.SUBMITTED) | Q(verified_at__gte=moment), submitted_at__lt=moment
    ).filter(~Exists(known))
    return logged.count() + loaded.count()


def _by_month(month, end):
    """Return {month: newly verified} for the twelve months up to and including `month`."""
    months = [months_after(month, -back) for back in range(TREND_MONTHS - 1, -1, -1)]
    since = within("verified_at", month_bounds(months[0])[0], end)
    verified = Talent.objects.verified().filter(**since).order_by()
    verified = verified.annotate(month=TruncMonth("verified_at")).values_list("month")
    found = {month_of(at): n for at, n in verified.annotate(n=Count("pk"))}
    return {month: found.get(month, 0) for month in months}


def trends(figures):
    """Say the year's growth."""
    points = tuple((date.fromisoformat(month), n) for month, n in figures["trend"])
    return (Trend(_("近十二个月新入库人才"), _("新入库人数"), _("人"), points),)


def sections(figures):
    """Say the numbers of the month."""
    person = _("人")
    lines = (
        (_("在库人才"), figures["total"], person),
        (_("本月新入库"), figures["new"], person),
        (_("待审核"), figures["waiting"], person),
        (_("可咨询推荐"), figures["listed"], person),
        (_("已离开两江新区"), figures["moved_away"], person),
        (_("本月核对过"), figures["confirmed"], person),
        (_("到期还没有核对"), figures["stale"], person),
        (_("其中超过 90 天，暂不咨询推荐"), figures["outdated"], person),
        (_("覆盖单位"), figures["units"], _("家")),
        (_("有海外学习经历"), figures["overseas"], person),
    )
    return (Section(_("措施一 · 女性科技人才数据库"), lines),)


def tables(figures):
    """Say the breakdowns."""
    person = _("人数")
    departments = {name: name for name in figures["by_department"]}
    return (
        Table(
            _("在库人才 · 按职称级别"),
            _("职称级别"),
            person,
            figures["by_title"],
            dict(codes.TitleLevel.choices),
        ),
        Table(
            _("在库人才 · 按学历"),
            _("学历"),
            person,
            figures["by_education"],
            dict(codes.EducationLevel.choices),
        ),
        Table(
            _("在库人才 · 按学科"),
            _("学科"),
            person,
            figures["by_discipline"],
            dict(codes.Discipline.choices),
        ),
        Table(_("在库人才 · 按所属部门"), _("部门"), person, figures["by_department"], departments),
        Table(
            _("今年的变化"),
            _("变化"),
            person,
            figures.get("flows", {}),
            FLOWS,
        ),
    )


# --- what partner units may count -----------------------------------------------------------------


class TalentStatisticsOut(serializers.Serializer):
    """Verified people by one field at a time."""

    total = serializers.IntegerField(allow_null=True)
    discipline = CountsField(
        codes.Discipline, MINIMUM, help_text=gettext_lazy("按一级学科代码（GB/T 13745）")
    )
    industry = CountsField(
        codes.Industry, MINIMUM, help_text=gettext_lazy("按行业门类代码（GB/T 4754）")
    )
    title_level = CountsField(
        codes.TitleLevel, MINIMUM, help_text=gettext_lazy("按职称级别（GB/T 8561）")
    )
    education_level = CountsField(
        codes.EducationLevel, MINIMUM, help_text=gettext_lazy("按学历代码（GB/T 4658）")
    )
    unit_kind = CountsField(UnitKind, MINIMUM, help_text=gettext_lazy("按单位类型"))


def statistics(now):
    """Release how many people are verified and work in the district, all together and by each dimension."""
    active = Talent.objects.active()
    tables = {
        name: (counts.by(active, field), len(coded) + 1)  # one more for those who did not say
        for name, (field, coded) in DIMENSIONS.items()
    }
    cells, total = release_together("talents", active.count(), tables, now=now)
    return {"total": total, **cells}


EXAMPLE = {
    "total": 1240,
    "discipline": {"520": 310, "320": 270},
    "industry": {"M": 480, "Q": 360, "C": 400},
    "title_level": {"senior": 210, "associate_senior": 430, "intermediate": 600},
    "education_level": {"11": 520, "14": 500, "21": 220},
    "unit_kind": {"research_institute": 400, "hospital": 360, "enterprise": 480},
}
STATISTICS = Statistics(10, statistics, TalentStatisticsOut, EXAMPLE)
