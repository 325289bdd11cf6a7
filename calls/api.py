"""A partner unit brings its people forward for a call, reads whom, and takes it back (scope calls:nominate)."""

import django_filters
from django.db import models
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts.models import Unit
from calls import operations
from calls.models import Call, Nomination
from calls.nominating_rules import LEAST_REASON, LONGEST_REASON, MOST_BY_UNIT
from kernel.access import token
from kernel.api.errors import Problem
from kernel.api.view import ListView, OutSerializer, WriteView, moment

SCOPE = operations.NOMINATE_SCOPE
SHOWN = ("code", "call", "full_name", "status", "made_at")


class Standing(models.TextChoices):
    """How a nomination stands for whoever wrote it: never what she answered."""

    STANDING = "standing", _("有效，可以收回")
    TAKEN_BACK = "taken_back", _("已收回")


class PersonIn(serializers.Serializer):
    """Whom the unit brings forward, and why."""

    code = serializers.CharField(max_length=12, help_text=_("人才编号"))
    reason = serializers.CharField(
        min_length=LEAST_REASON,
        max_length=LONGEST_REASON,
        help_text=_("推荐理由，本人和评审部门会读到"),
    )


class NominatedIn(serializers.Serializer):
    """The table: whom, and why."""

    people = PersonIn(many=True, min_length=1, max_length=MOST_BY_UNIT)

    def validate_people(self, people):
        """Refuse a person who is named twice: which grounds would hold?"""
        if len({person["code"] for person in people}) < len(people):
            raise serializers.ValidationError(_("同一人才编号出现了两次。"))
        return people


class NominatedOut(serializers.Serializer):
    """What came of it."""

    asked = serializers.IntegerField(help_text=_("将由本人决定的人数，包括此前已推荐过的"))
    unknown = serializers.ListField(
        child=serializers.CharField(), help_text=_("不在本单位已授权人员中的编号")
    )


@extend_schema(tags=["calls"])
class CallNominations(WriteView):
    """Bring the unit's people forward, once for each key."""

    summary = _("推荐本单位人员申报")
    explanation = _(
        "一次提交一张表：每人的人才编号和推荐理由，同一次申报一个单位最多推荐 50 人次，收回的也计算在内。"
        "已推荐过的不会再次通知。是否申报由本人决定、由本人填写和提交，答复不告诉单位。"
        "只处理现在仍同意向本单位提供资料的人员，其余编号原样列在 unknown 中，不说明原因。"
        "整张表要么全部办理，要么全部不办理。须带请求头 Idempotency-Key，用法同其他写入接口。"
    )
    example = {"asked": 2, "unknown": ["P3XN8CTD6V"]}
    required_scope = SCOPE
    request_serializer_class = NominatedIn
    serializer_class = NominatedOut
    more_errors = ("conflict",)

    def post(self, request, code):
        """Take the table for the call of this code, or answer 404 for one that is not published."""
        self.call = Call.objects.published().filter(code=code).first()
        if self.call is None:
            raise Problem("not_found")
        return super().post(request)

    def write(self, request, values, key):
        """Carry the table out for the key's unit."""
        return operations.nominate_people(
            call=self.call,
            unit=Unit.objects.get(pk=request.user.unit_id),
            people={person["code"]: person["reason"] for person in values["people"]},
            key=key,
            now=timezone.now(),
        )


class NominationOut(OutSerializer):
    """A nomination as the unit's page shows it."""

    call = serializers.CharField(help_text=_("申报通知的编号"))
    status = serializers.ChoiceField(
        choices=Standing.choices, help_text=_("是否有效；与本人的答复无关")
    )
    full_name = serializers.CharField(
        allow_null=True, help_text=_("推荐时的姓名；按规定删除后为 null")
    )

    class Meta:
        model = Nomination
        fields = SHOWN


class NominationFilters(django_filters.FilterSet):
    """What the list can be narrowed by."""

    call = django_filters.CharFilter("call__code", help_text=_("申报通知的编号"))
    status = django_filters.ChoiceFilter(
        choices=Standing.choices, method="standing", help_text=_("是否有效")
    )

    class Meta:
        model = Nomination
        fields = []

    def standing(self, queryset, name, value):
        """Keep what stands, or what was taken back."""
        return queryset.filter(taken_back_at__isnull=value == Standing.STANDING)


EXAMPLE = {
    "code": "K7MQ2RXW4N",
    "call": "M4TQ8ZRW2C",
    "full_name": "王小敏",
    "status": "standing",
    "made_at": "2026-11-27T10:15:00+08:00",
}


def _own(request):
    return Nomination.objects.by_unit(request.user.unit_id)


@extend_schema(tags=["calls"])
class NominationList(ListView):
    """Whom the unit has brought forward."""

    summary = _("本单位推荐的人选")
    explanation = _(
        "按编号列出本单位推荐的人选，网页上推荐的也在内。她是否在库、怎样答复，这里不返回。"
    )
    example = {"results": [EXAMPLE], "next": None}
    required_scope = SCOPE
    filterset_class = NominationFilters
    serializer_class = NominationOut
    cache_control = "private, no-store"
    order = ("code",)
    columns = ("code", "call__code", "full_name", "taken_back_at", "made_at")

    def rows(self, request):
        """Its own alone."""
        return _own(request)

    @staticmethod
    def represent(row):
        """Turn the columns into the object `NominationOut` declares."""
        code, call, full_name, taken_back_at, made_at = row
        status = Standing.TAKEN_BACK if taken_back_at else Standing.STANDING
        return dict(zip(SHOWN, (code, call, full_name, status.value, moment(made_at)), strict=True))


class Nothing(serializers.Serializer):
    """An empty object."""


@extend_schema(tags=["calls"])
class TakeNominationBack(WriteView):
    """Take back that somebody was brought forward."""

    summary = _("收回推荐")
    explanation = _(
        "已收到推荐通知的人会再收到一次通知，她已提交的申报不受影响；重复收回不会出错。正文为空对象 {}。"
    )
    example = EXAMPLE | {"status": "taken_back"}
    required_scope = SCOPE
    request_serializer_class = Nothing
    serializer_class = NominationOut

    def post(self, request, code):
        """Take the unit's own nomination back, 404 for another."""
        found = _own(request).select_related("call", "unit", "nominator").filter(code=code).first()
        if found is None:
            raise Problem("not_found")
        self.found = found
        return super().post(request)

    def write(self, request, values, key):
        """Take it back."""
        operations.take_nomination_back(nomination=self.found, by=None, now=timezone.now())
        (row,) = _own(request).filter(pk=self.found.pk).values_list(*NominationList.columns)
        return NominationList.represent(row)


urlpatterns = [
    path(
        "calls/<str:code>/nominations/",
        token(CallNominations.as_view()),
        name="api_call_nominations",
    ),
    path("nominations/", token(NominationList.as_view()), name="api_nominations"),
    path(
        "nominations/<str:code>/take-back/",
        token(TakeNominationBack.as_view()),
        name="api_take_nomination_back",
    ),
]
