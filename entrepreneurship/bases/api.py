"""Units that run a base read and answer what it is asked (scopes bases:read and bases:answer)."""

import django_filters
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from entrepreneurship.bases import operations
from entrepreneurship.bases.models import BaseRequest, BaseRequestState, DeclineReason
from kernel.access import token
from kernel.api.errors import Problem
from kernel.api.view import ApiView, ListView, OutSerializer, WriteView, moment
from partners import answers
from privacy import audit

COLUMNS = ("code", "base__name", "service__title", "state", "asked_at", "due_on")


class BaseRequestOut(OutSerializer):
    """What was asked, without who asked it."""

    base = serializers.CharField(help_text=_("基地名称"))
    service = serializers.CharField(help_text=_("服务名称"))
    request_state = serializers.ChoiceField(BaseRequestState.choices, help_text=_("状态"))

    class Meta:
        model = BaseRequest
        fields = ("code", "base", "service", "request_state", "asked_at", "due_on")


class BaseRequestDetailOut(BaseRequestOut):
    """What was asked, by whom, and how to reach her."""

    name = serializers.CharField(help_text=_("提出人"))
    words = serializers.CharField(help_text=_("想请基地做什么；她撤回或过期删除后为空"))
    contact = serializers.CharField(help_text=_("怎样联系她；她撤回或过期删除后为空"))
    answer = serializers.CharField(help_text=_("答复；没有时为空"))

    class Meta(BaseRequestOut.Meta):
        fields = (*BaseRequestOut.Meta.fields, "name", "words", "contact", "answer")


EXAMPLE = {
    "code": "K7MQ2RXW4N3P",
    "base": "两江新区留学人员创业园",
    "service": "首年免租工位",
    "request_state": "open",
    "asked_at": "2026-11-27T10:15:00+08:00",
    "due_on": "2026-12-04",
}
DETAIL = EXAMPLE | {
    "name": "周雨桐",
    "words": "两人团队，想从一月起用两个工位。",
    "contact": "zhou@example.cn",
    "answer": "",
}


class BaseRequestFilters(django_filters.FilterSet):
    """What the list can be narrowed by."""

    request_state = django_filters.ChoiceFilter(
        field_name="state", choices=BaseRequestState.choices, help_text=_("状态")
    )

    class Meta:
        model = BaseRequest
        fields = []


def _own(request):
    return BaseRequest.objects.filter(base__unit=request.user.unit_id)


@extend_schema(tags=["bases"])
class BaseRequestList(ListView):
    """What the bases of the unit are asked."""

    summary = _("本单位基地收到的服务申请")
    explanation = _("按编号列出，不含提出人的姓名和内容；内容逐条读取，每次读取都有记录。")
    example = {"results": [EXAMPLE], "next": None}
    required_scope = "bases:read"
    filterset_class = BaseRequestFilters
    serializer_class = BaseRequestOut
    cache_control = "private, no-store"
    order = ("code",)
    columns = COLUMNS

    def rows(self, request):
        """Its own alone."""
        return _own(request)

    @staticmethod
    def represent(row):
        """Turn the columns into the object `BaseRequestOut` declares."""
        code, base, service, state, asked_at, due_on = row
        said = (code, base, service, state, moment(asked_at), due_on.isoformat())
        return dict(zip(BaseRequestOut.Meta.fields, said, strict=True))


def _found(request, code):
    rows = _own(request).select_related("base", "service", "talent__user")
    found = rows.filter(code=code).first()
    if found is None:
        raise Problem("not_found")
    return found


def _listed(found):
    columns = (
        found.code,
        found.base.name,
        found.service.title,
        found.state,
        found.asked_at,
        found.due_on,
    )
    return BaseRequestList.represent(columns)


def _told(found):
    return _listed(found) | {
        "name": found.talent.full_name,
        "words": found.words_for_base,
        "contact": found.contact_for_base,
        "answer": found.answer or "",
    }


@extend_schema(tags=["bases"])
class BaseRequestDetail(ApiView):
    """One request to a base of the unit."""

    summary = _("一项基地服务申请")
    explanation = _("返回提出人、内容和联系方式，只用于答复这项申请；每次读取都有记录。")
    example = DETAIL
    required_scope = "bases:read"
    serializer_class = BaseRequestDetailOut
    cache_control = "private, no-store"

    def get(self, request, code):
        """Answer it and put it on record, 404 for what is not the unit's."""
        found = _found(request, code)
        audit.record(
            "entrepreneurship.read_base_request",
            found,
            by=None,
            at=timezone.now(),
            unit=request.user.unit_id,
        )
        return self.respond(_told(found))


class BaseAnswerIn(serializers.Serializer):
    """An answer."""

    answer = serializers.CharField(max_length=1000, help_text=_("答复，她会看到"))


class BaseDeclineIn(serializers.Serializer):
    """Why it cannot be done."""

    reason = serializers.ChoiceField(choices=DeclineReason.choices, help_text=_("原因代码"))
    answer = serializers.CharField(
        max_length=1000, required=False, default="", help_text=_("补充说明")
    )


class _Writes(WriteView):
    """What a unit does with a request to a base of its own."""

    example = EXAMPLE | {"request_state": "answered"}
    required_scope = "bases:answer"
    # Who asked is read by the other address, and that is on record.
    serializer_class = BaseRequestOut
    more_errors = ("conflict",)

    def post(self, request, code):
        """Find the unit's own, 404 for another's."""
        self.found = _found(request, code)
        return super().post(request)

    def write(self, request, values, key):
        """Carry it out once for each key."""
        now = timezone.now()

        def carry_out():
            return _listed(self.operate(values, now))

        return answers.once(
            unit_id=request.user.unit_id,
            scope=f"bases:{self.said_as}",
            key=key,
            said=dict(values) | {"code": self.found.code},
            now=now,
            carry_out=carry_out,
        )


@extend_schema(tags=["bases"])
class AnswerBaseRequest(_Writes):
    """Answer a request."""

    summary = _("答复基地服务申请")
    explanation = _("她随即收到通知。须带请求头 Idempotency-Key，用法同其他写入接口。")
    request_serializer_class = BaseAnswerIn
    said_as = "answer"

    def operate(self, values, now):
        """Answer it."""
        return operations.answer_base_request(request=self.found, by=None, now=now, **values)


@extend_schema(tags=["bases"])
class DeclineBaseRequest(_Writes):
    """Say that it cannot be done."""

    summary = _("说明没能办理")
    explanation = _(
        "原因从代码中选；她随即收到通知，可以重新提出一次。须带请求头 Idempotency-Key，用法同其他写入接口。"
    )
    example = EXAMPLE | {"request_state": "declined"}
    request_serializer_class = BaseDeclineIn
    said_as = "decline"

    def operate(self, values, now):
        """Decline it."""
        return operations.decline_base_request(request=self.found, by=None, now=now, **values)


urlpatterns = [
    path("base-requests/", token(BaseRequestList.as_view()), name="api_base_requests"),
    path("base-requests/<slug:code>/", token(BaseRequestDetail.as_view()), name="api_base_request"),
    path(
        "base-requests/<slug:code>/answer/",
        token(AnswerBaseRequest.as_view()),
        name="api_answer_base_request",
    ),
    path(
        "base-requests/<slug:code>/decline/",
        token(DeclineBaseRequest.as_view()),
        name="api_decline_base_request",
    ),
]
