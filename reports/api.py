"""Statistics for partner units (scope statistics:read): counts no person can be found in."""

from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from kernel import portal
from kernel.access import token
from kernel.api.view import ApiView
from kernel.remembered import remembered
from privacy.disclosure import MINIMUM
from reports import figures

KEPT_SECONDS = 3600
CACHE_KEY = "reports.statistics.4"


class StatisticsOut(serializers.Serializer):
    """Everything, with the moment it was counted and the rule by which cells are left out."""

    as_of = serializers.DateTimeField(help_text=_("统计时刻"))
    minimum_cell = serializers.IntegerField(help_text=_("人数以此数为单位公布，不足此数的不公布"))

    def get_fields(self):
        """Add the part of each app."""
        parts = portal.merged("statistics").items()
        return super().get_fields() | {key: part.serializer() for key, part in parts}


def counted(now):
    """Return the figures, counted at most once an hour, and their age in seconds."""
    key = ".".join([CACHE_KEY, *portal.merged("statistics")])  # another set of apps counts anew
    statistics = remembered(
        key,
        KEPT_SECONDS,
        lambda: {
            "as_of": timezone.localtime(now).isoformat(timespec="seconds"),
            "minimum_cell": MINIMUM,
            **figures.statistics(now),
        },
    )
    return statistics, max(int((now - parse_datetime(statistics["as_of"])).total_seconds()), 0)


@extend_schema(tags=["statistics"])
class Statistics(ApiView):
    """Counts over the whole programme."""

    summary = _("统计数据")
    explanation = _(
        "已入库人员按学科、行业、职称级别、学历、单位类型的人数，以及活动与积分的总数。"
        "为了不能从数字的变化认出某一个人，人数以 10 为单位公布：至少相差 10 人才变动，每天最多变动一次；"
        "不足 10 人的格子不出现，公布过的不低于 10，合计不足 10 时为 null；几张表合起来能推出小格子时，合计也相应少报。未填写的记在 unspecified。as_of 为查询统计的时刻。"
    )
    example = {
        "as_of": "2026-03-08T09:00:00+08:00",
        "minimum_cell": MINIMUM,
        **{key: part.example for key, part in portal.merged("statistics").items()},
    }
    required_scope = "statistics:read"
    serializer_class = StatisticsOut

    def get(self, request):
        """Answer the kept figures and say how old they are."""
        data, age = counted(timezone.now())
        return self.respond(data, Age=str(age))


urlpatterns = [path("statistics/", token(Statistics.as_view()), name="api_statistics")]
