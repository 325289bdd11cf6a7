"""A partner unit's own people, as far as they agreed to it (scope talents:read)."""

import django_filters
import orjson
from django.db.models import Q
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts.models import Unit
from kernel.access import token
from kernel.api.errors import Problem
from kernel.api.filters import MomentFilter
from kernel.api.view import ApiView, ListView, OutSerializer, moment
from kernel.errors import Refused
from talents import codes, operations
from talents.career.api import Confirmation
from talents.models import SharedRecord, Talent


class TalentOut(OutSerializer):
    """What a unit learns of a person: what she agreed to show it (the purpose `unit_sharing`), and nothing else.

    A further field takes a new version of the purpose's words, and her answer to that.
    """

    class Meta:
        model = Talent
        fields = [
            "code",
            "full_name",
            "professional_title",
            "title_level",
            "research_fields",
            "updated_at",
        ]
        read_only_fields = fields


TALENT_FIELDS = tuple(TalentOut.Meta.fields)


class TombstoneOut(serializers.Serializer):
    """Somebody the unit may read no more: to be deleted at the unit."""

    code = serializers.CharField()
    removed_at = serializers.DateTimeField()


class TraitFilter(django_filters.ChoiceFilter):
    """Narrow by what is on the record, except for people who are gone.

    Were tombstones narrowed too, the answer would tell what became of somebody who has withdrawn.
    """

    def filter(self, queryset, value):
        """Keep matching people, and all tombstones."""
        matching = Q(**{f"talent__{self.field_name}": value})
        return queryset.filter(Q(shared=False) | matching) if value else queryset


class TalentFilters(django_filters.FilterSet):
    """What the list can be narrowed by."""

    title_level = TraitFilter(
        choices=codes.TitleLevel.choices, help_text=_("职称级别（GB/T 8561）")
    )
    updated_since = MomentFilter(
        method="since", help_text=_("只要此时刻及以后更新过、新授权或已移除的记录")
    )

    class Meta:
        model = SharedRecord
        fields = []

    def since(self, queryset, name, value):
        """Keep what changed, people and tombstones alike."""
        return queryset.changed_since(value)


@extend_schema(tags=["talents"])
class TalentList(ListView):
    """People of the unit the key belongs to who agreed to be shown to it, by code."""

    summary = _("本单位已授权人员")
    explanation = _(
        "只列出本单位中已通过审核、并且现在仍同意“向我的工作单位提供我的姓名、职称与研究方向”的人员。"
        "本人撤回授权后，下一次调用就不再返回。不提供联系方式。"
        "带 updated_since 时，新授权的人员与资料有变化的人员在 results 中，"
        "撤回授权、离开本单位或已注销的人员在 removed 中，只有编号，请把您系统中的记录删除。"
        "职称级别的条件不影响 removed。"
    )
    example = {
        "results": [
            {
                "code": "K7MQ2RXW4N",
                "full_name": "王小敏",
                "professional_title": "副研究员",
                "title_level": "associate_senior",
                "research_fields": ["人工智能", "智能制造"],
                "updated_at": "2026-03-02T10:15:00+08:00",
            }
        ],
        "removed": [{"code": "P3XN8CTD6V", "removed_at": "2026-03-05T09:30:00+08:00"}],
        "next": None,
    }
    required_scope = "talents:read"
    filterset_class = TalentFilters
    serializer_class = TalentOut
    cache_control = "private, no-store"
    order = ("code",)
    columns = ("code", "shared", "changed_at", *(f"talent__{name}" for name in TALENT_FIELDS))
    page_fields = {"removed": TombstoneOut(many=True)}

    def rows(self, request):
        """Her answer is in the row (talents.sharing): withdrawn is gone at once."""
        records = SharedRecord.objects
        if "updated_since" in request.GET:
            return records.filter(unit=request.user.unit_id)
        return records.readable_by(request.user.unit_id)

    def page(self, rows):
        """Part people from tombstones."""
        removed = [
            {"code": code, "removed_at": moment(changed_at)}
            for code, shared, changed_at, *_ in rows
            if not shared
        ]
        return {**super().page([row for row in rows if row[1]]), "removed": removed}

    @staticmethod
    def represent(row):
        """Turn the columns into the object `TalentOut` declares; agreeing counts as a change."""
        _code, _shared, changed_at, *values = row
        shown = dict(zip(TALENT_FIELDS, values, strict=True))
        shown["updated_at"] = moment(max(shown["updated_at"], changed_at))
        return shown


class EndorsementIn(serializers.Serializer):
    """What a unit says of its woman."""

    full_name = serializers.CharField(max_length=60, help_text=_("她的姓名，与编号核对"))
    endorsed = serializers.BooleanField(help_text=_("true 推荐，false 撤回推荐"))


class EndorsementOut(serializers.Serializer):
    """How the endorsement stands."""

    code = serializers.CharField()
    endorsed = serializers.BooleanField()


@extend_schema(tags=["talents"])
class Endorsement(ApiView):
    """A unit stands for its woman, or takes that back; the same request again changes nothing."""

    http_method_names = ["put"]
    summary = _("单位推荐")
    explanation = _(
        "推荐本单位的人员入库，或撤回推荐。编号由她本人提供，或来自本单位已授权人员的列表，姓名须相符。"
        "只能推荐同意向本单位提供信息、或提交的档案写明本单位且没有拒绝提供的人员；"
        "其他情形一律返回 404，不说明原因。可以重复调用。"
    )
    example = {"code": "K7MQ2RXW4N", "endorsed": True}
    required_scope = "talents:endorse"
    form_class = EndorsementIn
    serializer_class = EndorsementOut
    more_errors = ("malformed_json", "unsupported_media_type", "invalid", "endorsed_too_often")

    def put(self, request, code):
        """Write it down, or take it back; 404 for everybody the unit may not name."""
        said = EndorsementIn(data=request.data)
        said.is_valid(raise_exception=True)
        endorsed = said.validated_data["endorsed"]
        act = operations.endorse_by_unit if endorsed else operations.take_back_by_unit
        unit = Unit.objects.get(pk=request.user.unit_id)
        name = said.validated_data["full_name"]
        try:
            act(unit=unit, code=code, full_name=name, now=timezone.now())
        except Refused as error:
            raise Problem("not_found") from error
        return HttpResponse(
            orjson.dumps({"code": code, "endorsed": endorsed}),
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )


urlpatterns = [
    path("talents/", token(TalentList.as_view()), name="api_talents"),
    path("talents/confirmations/", token(Confirmation.as_view()), name="api_confirmations"),
    path(
        "talents/<str:code>/endorsement/",
        token(Endorsement.as_view()),
        name="api_endorsement",
    ),
]
