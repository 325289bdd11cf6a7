"""Statistics for partner units (scope statistics:read): counts no person can be found in."""

from django.core.cache import cache
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers

from accounts.models import UnitKind
from kernel.api.view import ApiView
from partners.models import Scope
from reports import figures
from reports.disclosure import MINIMUM
from talents import codes

KEPT_SECONDS = 3600
CACHE_KEY = "reports.statistics.1"
CODES = {
    "discipline": codes.Discipline,
    "industry": codes.Industry,
    "title_level": codes.TitleLevel,
    "education_level": codes.EducationLevel,
    "unit_kind": UnitKind,
}


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"type": ["integer", "null"], "minimum": MINIMUM},
    }
)
class CountsField(serializers.DictField):
    """{code: count of people, or null when it is left out}."""


class TalentStatisticsOut(serializers.Serializer):
    """Verified people by one field at a time."""

    total = serializers.IntegerField(allow_null=True)
    discipline = CountsField(help_text=_("按一级学科代码（GB/T 13745）"))
    industry = CountsField(help_text=_("按行业门类代码（GB/T 4754）"))
    title_level = CountsField(help_text=_("按职称级别（GB/T 8561）"))
    education_level = CountsField(help_text=_("按学历代码（GB/T 4658）"))
    unit_kind = CountsField(help_text=_("按单位类型"))


class EventStatisticsOut(serializers.Serializer):
    """Events and seats."""

    held = serializers.IntegerField(help_text=_("已举行的活动"))
    upcoming = serializers.IntegerField(help_text=_("未结束的活动"))
    cancelled = serializers.IntegerField(help_text=_("已取消的活动"))
    booked = serializers.IntegerField(allow_null=True, help_text=_("已举行活动的报名人次"))
    attended = serializers.IntegerField(allow_null=True, help_text=_("已举行活动的签到人次"))


class PointStatisticsOut(serializers.Serializer):
    """Care points."""

    earned = serializers.IntegerField(allow_null=True, help_text=_("累计获得（已扣除撤销）"))
    redeemed = serializers.IntegerField(allow_null=True, help_text=_("累计兑换（已扣除退回）"))


class StatisticsOut(serializers.Serializer):
    """Everything, with the moment it was counted and the rule by which cells are left out."""

    as_of = serializers.DateTimeField(help_text=_("统计时刻"))
    minimum_cell = serializers.IntegerField(help_text=_("人数少于此数的格子不显示（null）"))
    talents = TalentStatisticsOut()
    events = EventStatisticsOut()
    points = PointStatisticsOut()


def counted(now):
    """Return the figures, counted at most once an hour, and their age in seconds."""
    kept = cache.get(CACHE_KEY)
    if kept is None:
        kept = {
            "as_of": timezone.localtime(now).isoformat(timespec="seconds"),
            "minimum_cell": MINIMUM,
            **figures.statistics(now),
        }
        cache.set(CACHE_KEY, kept, KEPT_SECONDS)
    return kept, max(int((now - parse_datetime(kept["as_of"])).total_seconds()), 0)


@extend_schema(tags=["statistics"])
class Statistics(ApiView):
    """Counts over the whole programme."""

    summary = _("统计数据")
    explanation = _(
        "已入库人员按学科、行业、职称级别、学历、单位类型的人数，以及活动与积分的总数。"
        "人数少于 10 的格子返回 null；为了不能用合计相减推算，必要时人数次少的格子也返回 null。"
        "没有人的格子不出现，未填写的记在 unspecified。每小时最多统计一次，as_of 为统计时刻。"
    )
    example = {
        "as_of": "2026-03-08T09:00:00+08:00",
        "minimum_cell": MINIMUM,
        "talents": {
            "total": 1240,
            "discipline": {"520": 310, "320": 275, "430": None, "180": None},
            "industry": {"M": 480, "Q": 360, "C": 400},
            "title_level": {"senior": 210, "associate_senior": 430, "intermediate": 600},
            "education_level": {"11": 520, "14": 500, "21": 220},
            "unit_kind": {"research_institute": 400, "hospital": 360, "enterprise": 480},
        },
        "events": {"held": 36, "upcoming": 5, "cancelled": 1, "booked": 1630, "attended": 1404},
        "points": {"earned": 28400, "redeemed": 9150},
    }
    required_scope = Scope.STATISTICS.value
    serializer_class = StatisticsOut

    def get(self, request):
        """Answer the kept figures and say how old they are."""
        data, age = counted(timezone.now())
        return self.respond(data, Age=str(age))
