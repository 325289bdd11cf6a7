"""A partner unit names its people for an event (scope events:name)."""

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from events import operations
from events.models import Event
from kernel.access import token
from kernel.api.errors import Problem
from kernel.api.view import WriteView

MOST = 50


class NamedIn(serializers.Serializer):
    """Whom the unit proposes."""

    people = serializers.ListField(
        child=serializers.CharField(max_length=12),
        min_length=1,
        max_length=MOST,
        help_text=_("人才编号，最多 50 个"),
    )


class NamedOut(serializers.Serializer):
    """What came of it."""

    asked = serializers.IntegerField(help_text=_("将由本人确认的人数，包括已有报名或此前已问过的"))
    not_for = serializers.ListField(
        child=serializers.CharField(), help_text=_("不符合活动条件的编号")
    )
    unknown = serializers.ListField(
        child=serializers.CharField(), help_text=_("不在本单位已授权人员中的编号")
    )


@extend_schema(tags=["events"])
class EventPeople(WriteView):
    """Ask colleagues whether they come, once for each key."""

    summary = _("推荐本单位人员参加活动")
    explanation = _(
        "一次提交最多 50 个人才编号。有空席时为每人保留一个席位（先用本单位的保留席位），请她在期限内确认；"
        "没有空席时请她自行候补。是否参加由本人决定，结果不返回给单位；同一场活动每人只问一次。"
        "只处理现在仍同意向本单位提供资料的人员，其余编号原样列在 unknown 中。"
        "敏感主题、需审核或不公开的活动不能推荐。须带请求头 Idempotency-Key，用法同其他写入接口。"
    )
    example = {"asked": 2, "not_for": [], "unknown": ["P3XN8CTD6V"]}
    required_scope = "events:name"
    request_serializer_class = NamedIn
    serializer_class = NamedOut

    def post(self, request, code):
        """Take the table for the event of this code, or answer 404 for one that is not public."""
        self.event = Event.objects.public().filter(code=code).first()
        if self.event is None:
            raise Problem("not_found")
        return super().post(request)

    def write(self, request, values, key):
        """Carry the table out."""
        return operations.name_people(
            unit_id=request.user.unit_id,
            event=self.event,
            codes=values["people"],
            key=key,
            now=timezone.now(),
        )


urlpatterns = [
    path("events/<str:code>/people/", token(EventPeople.as_view()), name="api_event_people")
]
