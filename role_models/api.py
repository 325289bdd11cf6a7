"""Partner units ask for talks and read how far theirs are (scopes talks:request and talks:read)."""

import django_filters
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts.models import Unit
from kernel.access import token
from kernel.api.errors import Problem
from kernel.api.view import ApiView, ListView, OutSerializer, WriteView, moment
from kernel.errors import Invalid
from role_models import operations
from role_models.models import RequestState, Story, TalkRequest

TOLD = [choice for choice in RequestState.choices if choice[0] != RequestState.ASKED]
COLUMNS = ("code", "state", "topic", "first_day", "last_day", "asked_at")
SHOWN = (
    "code",
    "progress",
    *COLUMNS[2:],
)  # how far it is as the unit is told, which is not its state


class TalkIn(serializers.Serializer):
    """What a unit asks for."""

    topic = serializers.CharField(max_length=100, help_text=_("想听什么"))
    audience = serializers.CharField(max_length=100, help_text=_("听众，如“初二年级学生”"))
    people = serializers.IntegerField(min_value=1, max_value=100_000, help_text=_("人数"))
    first_day = serializers.DateField(help_text=_("最早哪天"))
    last_day = serializers.DateField(help_text=_("最晚哪天"))
    online = serializers.BooleanField(required=False, default=False, help_text=_("线上"))
    place = serializers.CharField(
        max_length=100, required=False, default="", help_text=_("地点；线上可以不填")
    )
    story = serializers.CharField(
        max_length=10, required=False, default="", help_text=_("希望请谁：公开故事的编号")
    )
    contact_name = serializers.CharField(max_length=40, help_text=_("联系人"))
    contact_phone = serializers.CharField(max_length=30, help_text=_("联系电话"))


class TalkOut(OutSerializer):
    """How far a request is."""

    progress = serializers.ChoiceField(choices=TOLD, help_text=_("状态"))

    class Meta:
        model = TalkRequest
        fields = SHOWN


class TalkDetailOut(TalkOut):
    """How far it is; of the speaker, once she has accepted, what she lets the unit know."""

    refuse_reason = serializers.CharField(help_text=_("没能安排的原因；没有时为空"))
    speaker = serializers.CharField(help_text=_("主讲人；答应以前为空"))
    speaker_contact = serializers.CharField(
        help_text=_("主讲人愿意告诉贵单位的联系方式；没有时为空")
    )

    class Meta(TalkOut.Meta):
        fields = (*SHOWN, "refuse_reason", "speaker", "speaker_contact")


class TalkFilters(django_filters.FilterSet):
    """What the list can be narrowed by."""

    progress = django_filters.ChoiceFilter(choices=TOLD, method="told", help_text=_("状态"))

    class Meta:
        model = TalkRequest
        fields = []

    def told(self, queryset, name, value):
        """Find as waiting what the unit is told waits."""
        waiting = (RequestState.RECEIVED, RequestState.ASKED)
        return queryset.filter(state__in=waiting if value == RequestState.RECEIVED else [value])


EXAMPLE = {
    "code": "K7MQ2RXW4N",
    "progress": "accepted",
    "topic": "女生怎样选专业",
    "first_day": "2026-12-01",
    "last_day": "2026-12-20",
    "asked_at": "2026-11-27T10:15:00+08:00",
}


def _own(request):
    return TalkRequest.objects.filter(unit=request.user.unit_id)


@extend_schema(tags=["talks"])
class TalkList(ListView):
    """The unit's own requests."""

    summary = _("本单位的宣讲申请")
    explanation = _("按编号列出本单位提交的宣讲申请，网页上提交的也在内。")
    example = {"results": [EXAMPLE], "next": None}
    required_scope = "talks:read"
    filterset_class = TalkFilters
    serializer_class = TalkOut
    cache_control = "private, no-store"
    order = ("code",)
    columns = COLUMNS

    def rows(self, request):
        """Its own alone."""
        return _own(request)

    @staticmethod
    def represent(row):
        """Turn the columns into the object `TalkOut` declares."""
        code, state, topic, first_day, last_day, asked_at = row
        facts = [code, TalkRequest(state=state).told_state.value, topic]
        days = [first_day.isoformat(), last_day.isoformat()]
        return dict(zip(SHOWN, [*facts, *days, moment(asked_at)], strict=True))


@extend_schema(tags=["talks"])
class TalkDetail(ApiView):
    """One request of the unit's own."""

    summary = _("一个宣讲申请的进展")
    explanation = _(
        "主讲人答应以前，不返回问过谁。答应以后返回她的姓名，和她愿意告诉贵单位的联系方式（可能为空，由主管部门转达）。"
    )
    example = EXAMPLE | {"refuse_reason": "", "speaker": "周雨桐", "speaker_contact": ""}
    required_scope = "talks:read"
    serializer_class = TalkDetailOut
    cache_control = "private, no-store"

    def get(self, request, code):
        """Answer it, 404 for what is not the unit's."""
        found = _own(request).filter(code=code).first()
        if found is None:
            raise Problem("not_found")
        return self.respond(_told(found))


def _told(found):
    said = TalkList.represent([getattr(found, name) for name in COLUMNS])
    said["refuse_reason"] = found.refuse_reason
    accepted = found.accepted
    said["speaker"] = accepted.talent.full_name if accepted else ""
    said["speaker_contact"] = (accepted and accepted.contact) or ""
    return said


@extend_schema(tags=["talks"])
class NewTalk(WriteView):
    """Ask for a talk."""

    summary = _("申请宣讲")
    explanation = _(
        "主管部门会联系愿意宣讲的女性科技人才，进展用返回的编号查询。"
        "须带请求头 Idempotency-Key，用法同其他写入接口。"
    )
    example = EXAMPLE | {
        "progress": "received",
        "refuse_reason": "",
        "speaker": "",
        "speaker_contact": "",
    }
    required_scope = "talks:request"
    request_serializer_class = TalkIn
    serializer_class = TalkDetailOut

    def write(self, request, values, key):
        """Take the request of the key's unit."""
        values = dict(values)
        code = values.pop("story")
        values["story"] = _story(code) if code else None
        found = operations.request_talk(
            unit=Unit.objects.get(pk=request.user.unit_id),
            values=values,
            key=key,
            by=None,
            now=timezone.now(),
        )
        return _told(found)


def _story(code):
    found = Story.objects.shown().filter(code=code).first()
    if found is None:
        raise Invalid("story_unknown", _("没有这个编号的公开故事。"), field="story")
    return found


class Nothing(serializers.Serializer):
    """An empty object."""


@extend_schema(tags=["talks"])
class WithdrawTalk(WriteView):
    """Take a request back."""

    summary = _("撤回宣讲申请")
    explanation = _("还没有安排成活动的申请可以撤回；重复撤回不会出错。正文为空对象 {}。")
    example = EXAMPLE | {
        "progress": "withdrawn",
        "refuse_reason": "",
        "speaker": "",
        "speaker_contact": "",
    }
    required_scope = "talks:request"
    request_serializer_class = Nothing
    serializer_class = TalkDetailOut

    def post(self, request, code):
        """Withdraw the unit's own request, 404 for another."""
        self.found = _own(request).filter(code=code).first()
        if self.found is None:
            raise Problem("not_found")
        return super().post(request)

    def write(self, request, values, key):
        """Withdraw it."""
        return _told(operations.withdraw_request(request=self.found, by=None, now=timezone.now()))


urlpatterns = [
    path("talk-requests/", token(TalkList.as_view()), name="api_talks"),
    path("talk-requests/new/", token(NewTalk.as_view()), name="api_new_talk"),
    path("talk-requests/<str:code>/", token(TalkDetail.as_view()), name="api_talk"),
    path(
        "talk-requests/<str:code>/withdraw/",
        token(WithdrawTalk.as_view()),
        name="api_withdraw_talk",
    ),
]
