"""A partner unit's own people, as far as they agreed to it (scope talents:read)."""

import django_filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema

from kernel.access import token
from kernel.api.filters import MomentFilter
from kernel.api.view import ListView, OutSerializer, moment
from talents import codes
from talents.models import Talent


class TalentOut(OutSerializer):
    """What a unit learns of a person: her work, never a way to reach her."""

    class Meta:
        model = Talent
        fields = [
            "code",
            "full_name",
            "position",
            "professional_title",
            "title_level",
            "discipline",
            "industry",
            "research_fields",
            "verified_at",
            "updated_at",
        ]
        read_only_fields = fields


class TalentFilters(django_filters.FilterSet):
    """What the list can be narrowed by."""

    title_level = django_filters.ChoiceFilter(
        choices=codes.TitleLevel.choices, help_text=_("职称级别（GB/T 8561）")
    )
    discipline = django_filters.ChoiceFilter(
        choices=codes.Discipline.choices, help_text=_("一级学科代码（GB/T 13745）")
    )
    industry = django_filters.ChoiceFilter(
        choices=codes.Industry.choices, help_text=_("行业门类代码（GB/T 4754）")
    )
    updated_since = MomentFilter(
        field_name="updated_at", lookup_expr="gte", help_text=_("只要此时刻及以后更新过的记录")
    )

    class Meta:
        model = Talent
        fields = []


@extend_schema(tags=["talents"])
class TalentList(ListView):
    """People of the unit the key belongs to who agreed to be shown to it, by code."""

    summary = _("本单位已授权人员")
    explanation = _(
        "只列出本单位中已通过审核、并且现在仍同意“向我的工作单位提供我的姓名、职称与研究方向”的人员。"
        "本人撤回授权后，下一次调用就不再返回；请把您系统中不在列表里的记录删除。不提供联系方式。"
    )
    example = {
        "results": [
            {
                "code": "K7MQ2RXW4N",
                "full_name": "王小敏",
                "position": "研究室主任",
                "professional_title": "副研究员",
                "title_level": "associate_senior",
                "discipline": "520",
                "industry": "M",
                "research_fields": ["人工智能", "智能制造"],
                "verified_at": "2026-03-02T10:15:00+08:00",
                "updated_at": "2026-03-02T10:15:00+08:00",
            }
        ],
        "next": None,
    }
    required_scope = "talents:read"
    filterset_class = TalentFilters
    serializer_class = TalentOut
    cache_control = "private, no-store"
    order = ("code",)
    columns = tuple(TalentOut.Meta.fields)

    def rows(self, request):
        """Consent is looked up on every call: withdrawn is gone at once."""
        return Talent.objects.shared_with_unit(request.user.unit_id)

    @staticmethod
    def represent(row):
        """Turn the columns into the object `TalentOut` declares."""
        shown = dict(zip(TalentList.columns, row, strict=True))
        for name in ("verified_at", "updated_at"):
            shown[name] = moment(shown[name])
        return shown


urlpatterns = [path("talents/", token(TalentList.as_view()), name="api_talents")]
