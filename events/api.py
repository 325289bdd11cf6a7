"""Published and cancelled events for partner units (scope events:read)."""

import django_filters
from django.conf import settings
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers

from accounts.models import Department
from events import groups_api, materials, speaking
from events.models import (
    Event,
    EventKind,
    EventState,
    MaterialLanguage,
    Mode,
    Platform,
    Region,
    Series,
    seats_left,
)
from kernel.access import token
from kernel.api.errors import Problem
from kernel.api.filters import MomentFilter, YesNoFilter
from kernel.api.view import ApiView, ListView, OutSerializer, moment

MOMENTS = ("starts_at", "ends_at", "booking_opens_at", "booking_closes_at", "updated_at")
GUESTS = ("guests_women", "guests_men")
PUBLIC_STATES = [(s.value, s.label) for s in EventState if s != EventState.DRAFT]


EXAMPLE = {
    "code": "W4N8TQ2HXB",
    "title": "人工智能与女性创新沙龙",
    "kind": "salon",
    "platform": "innovation_forum",
    "womens_track": True,
    "needs_approval": False,
    "measure": 2,
    "summary": "三位青年科学家谈大模型落地",
    "series": "P7K3M9XQ2D",
    "cooperation_region": "chengdu_chongqing",
    "disciplines": ["520"],
    "co_organisers": "两江协同创新区",
    "mode": "both",
    "accessibility": "一楼会场，轮椅可直达",
    "venue": "两江协同创新区",
    "address": "龙兴镇明月湖",
    "starts_at": "2026-03-08T14:00:00+08:00",
    "ends_at": "2026-03-08T16:30:00+08:00",
    "booking_opens_at": "2026-02-20T09:00:00+08:00",
    "booking_closes_at": "2026-03-08T14:00:00+08:00",
    "capacity": 60,
    "seats_taken": 41,
    "waiting": 0,
    "seats_left": 19,
    "seats_kept": 0,
    "guests": 0,
    "department": "women",
    "state": "published",
    "updated_at": "2026-02-19T17:20:00+08:00",
    "url": "https://portal.example.cn/events/W4N8TQ2HXB/",
}
IN_FULL = {
    "audience": "已入库的女性科技人才，不限专业",
    "sessions": [
        {
            "title": "签到与开场",
            "room": "",
            "starts_at": "2026-03-08T14:00:00+08:00",
            "ends_at": "2026-03-08T14:20:00+08:00",
            "speakers": [],
        },
        {
            "title": "大模型落地的三道坎",
            "room": "三楼报告厅",
            "starts_at": "2026-03-08T14:20:00+08:00",
            "ends_at": "2026-03-08T15:00:00+08:00",
            "speakers": [{"name": "周雨桐", "unit": "两江半导体研究院", "position": "高级工程师"}],
        },
    ],
    "materials": [
        {
            "title": "大模型落地的三道坎（课件）",
            "language": "zh",
            "url": "https://portal.example.cn/events/materials/7GQ4W2NDB8RK5TXC/",
        }
    ],
    "contact_name": "活动联络组",
    "contact_phone": "023-6780 0000",
    "body": "活动由主旨发言与圆桌讨论组成。",
    "cancel_reason": "",
}


class EventOut(OutSerializer):
    """An event as its public page shows it."""

    department = serializers.SlugRelatedField(slug_field="code", read_only=True)
    series = serializers.SlugRelatedField(
        slug_field="code",
        read_only=True,
        allow_null=True,
        help_text=_("所属系列的编号，见 /api/v1/event-series/；没有则为空"),
    )
    state = serializers.ChoiceField(choices=PUBLIC_STATES, read_only=True)
    seats_left = serializers.IntegerField(
        read_only=True, min_value=0, help_text=_("所有人都可以报名的余席")
    )
    seats_kept = serializers.IntegerField(
        source="kept",
        read_only=True,
        min_value=0,
        help_text=_("为女性专场或某些单位保留、还空着的席位"),
    )
    guests = serializers.IntegerField(
        read_only=True, min_value=0, help_text=_("占席位的库外来宾人数")
    )
    url = serializers.SerializerMethodField(help_text=_("公开页面的地址"))

    class Meta:
        model = Event
        fields = [
            "code",
            "title",
            "kind",
            "platform",
            "womens_track",
            "needs_approval",
            "measure",
            "summary",
            "series",
            "cooperation_region",
            "disciplines",
            "co_organisers",
            "mode",
            "accessibility",
            "venue",
            "address",
            "starts_at",
            "ends_at",
            "booking_opens_at",
            "booking_closes_at",
            "capacity",
            "seats_taken",
            "waiting",
            "seats_left",
            "seats_kept",
            "guests",
            "department",
            "state",
            "updated_at",
            "url",
        ]
        read_only_fields = fields

    def get_url(self, event) -> str:
        """Return the absolute address of the public page."""
        return page_address(event.code)


class SpeakerOut(serializers.Serializer):
    """Who speaks in a session, as the event's page names her."""

    name = serializers.CharField(help_text=_("姓名"))
    unit = serializers.CharField(help_text=_("单位，可以为空"), allow_blank=True)
    position = serializers.CharField(help_text=_("职务，可以为空"), allow_blank=True)


class SessionOut(serializers.Serializer):
    """One session of an event's agenda."""

    title = serializers.CharField(help_text=_("内容"))
    room = serializers.CharField(help_text=_("会场，只有一处时为空"), allow_blank=True)
    starts_at = serializers.DateTimeField(help_text=_("开始时间"))
    ends_at = serializers.DateTimeField(help_text=_("结束时间"))
    speakers = SpeakerOut(many=True)


class MaterialOut(serializers.Serializer):
    """A material of an event that everybody may read."""

    title = serializers.CharField(help_text=_("标题"))
    language = serializers.ChoiceField(
        choices=MaterialLanguage.choices, allow_blank=True, help_text=_("语言，可以为空")
    )
    url = serializers.URLField(help_text=_("文件或链接的地址"))


class EventDetailOut(EventOut):
    """One event with everything its public page says."""

    sessions = serializers.SerializerMethodField(help_text=_("议程，按时间排列"))
    materials = serializers.SerializerMethodField(
        help_text=_("所有人都能看的活动资料，按主办方排的顺序；活动取消的为空")
    )

    class Meta(EventOut.Meta):
        fields = [*EventOut.Meta.fields, *IN_FULL]
        read_only_fields = fields

    @extend_schema_field(MaterialOut(many=True))
    def get_materials(self, event):
        """Return what everybody may read."""
        return materials_of(event)

    @extend_schema_field(SessionOut(many=True))
    def get_sessions(self, event):
        """Return the agenda."""
        return sessions_of(event)


def sessions_of(event):
    """Return the agenda of an event as SessionOut declares it."""
    return [
        {
            "title": session.title,
            "room": session.room,
            "starts_at": moment(session.starts_at),
            "ends_at": moment(session.ends_at),
            "speakers": [
                {"name": one.name, "unit": one.shown_unit, "position": one.shown_position}
                for one in session.named
            ],
        }
        for session in speaking.agenda_of(event)
    ]


def materials_of(event):
    """Return what everybody may read of an event, as MaterialOut declares it."""
    return [
        {
            "title": one.title,
            "language": one.language,
            "url": one.link or f"{settings.SITE_URL}/events/materials/{one.code}/",
        }
        for one in materials.of_event(event)
        if one.is_for_everybody
    ]


class EventFilters(django_filters.FilterSet):
    """What the list can be narrowed by."""

    kind = django_filters.ChoiceFilter(choices=EventKind.choices, help_text=_("活动类型"))
    platform = django_filters.ChoiceFilter(choices=Platform.choices, help_text=_("依托平台"))
    measure = django_filters.ChoiceFilter(
        choices=[(n, n) for n in range(1, 11)], help_text=_("对应十项措施中的第几条")
    )
    series = django_filters.CharFilter(
        field_name="series__code", max_length=12, help_text=_("系列编号，见 /api/v1/event-series/")
    )
    cooperation_region = django_filters.ChoiceFilter(
        choices=Region.choices, help_text=_("合作区域")
    )
    mode = django_filters.ChoiceFilter(choices=Mode.choices, help_text=_("举办形式"))
    womens_track = YesNoFilter(help_text=_("是否女性议题或专场"))
    state = django_filters.ChoiceFilter(choices=PUBLIC_STATES, help_text=_("活动状态"))
    department = django_filters.ModelChoiceFilter(
        queryset=Department.objects.all(),
        to_field_name="code",
        help_text=_("主办部门代码，见 /api/v1/codes/"),
    )
    starts_after = MomentFilter(
        field_name="starts_at", lookup_expr="gte", help_text=_("此时刻及以后开始")
    )
    starts_before = MomentFilter(
        field_name="starts_at", lookup_expr="lt", help_text=_("此时刻以前开始")
    )
    updated_since = MomentFilter(
        field_name="updated_at", lookup_expr="gte", help_text=_("只要此时刻及以后更新过的记录")
    )

    class Meta:
        model = Event
        fields = []


def page_address(code):
    """Return the absolute address of an event's public page."""
    return f"{settings.SITE_URL}/events/{code}/"


COMPUTED = ("seats_left", "guests", "url", "sessions")


def columns_of(serializer, first=()):
    """Return the columns to read for the fields `serializer` declares, `first` in front."""
    instead = {
        "department": "department__code",
        "series": "series__code",
        "seats_kept": "kept",
    }
    names = [instead.get(n, n) for n in serializer.Meta.fields if n not in COMPUTED]
    names += GUESTS
    return (*first, *(n for n in names if n not in first))


def as_object(columns, fields, row, **more):
    """Turn a row of `columns` (and `more`) into the object with `fields`; the same as the serializer makes."""
    values = dict(zip(columns, row, strict=True)) | more
    for name in MOMENTS:
        values[name] = moment(values[name])
    values["department"] = values["department__code"]
    values["series"] = values["series__code"]
    values["seats_kept"], values["guests"] = values["kept"], sum(values[n] for n in GUESTS)
    given = values["seats_taken"] + values["kept"] + values["guests"]
    values["seats_left"] = seats_left(values["capacity"] - given, values["waiting"])
    values["url"] = page_address(values["code"])
    return {name: values[name] for name in fields}


IN_FULL_COLUMNS = columns_of(EventDetailOut)


def in_full(row):
    """Turn a row of the event's key and IN_FULL_COLUMNS into the object `EventDetailOut` declares."""
    pk, *values = row
    event = Event(pk=pk, state=values[IN_FULL_COLUMNS.index("state")])
    more = {"sessions": sessions_of(event), "materials": materials_of(event)}
    return as_object(IN_FULL_COLUMNS, EventDetailOut.Meta.fields, values, **more)


@extend_schema(tags=["events"])
class EventList(ListView):
    """Events by starting time, the earliest first; cancelled ones stay, so that nobody misses it."""

    summary = _("活动列表")
    explanation = _("已发布和已取消的活动，按开始时间从早到晚排列。")
    example = {
        "results": [EXAMPLE],
        "next": "https://portal.example.cn/api/v1/events/?limit=50&cursor=WyIyMDI2LTAzLTA4Il0",
    }
    required_scope = "events:read"
    filterset_class = EventFilters
    serializer_class = EventOut
    same_for_all = True
    order = ("starts_at", "code")
    columns = columns_of(EventOut, first=("starts_at", "code"))

    def rows(self, request):
        """The same for every partner: what has a public page."""
        return Event.objects.public()

    @staticmethod
    def represent(row):
        """Turn the columns into the object `EventOut` declares."""
        return as_object(EventList.columns, EventOut.Meta.fields, row)


@extend_schema(tags=["events"])
class EventDetail(ApiView):
    """One event with everything its public page says."""

    summary = _("一项活动")
    explanation = _(
        "比列表多出适合人群、议程和主讲人、联系方式和活动详情；已取消的活动带取消原因。"
    )
    example = EXAMPLE | IN_FULL
    required_scope = "events:read"
    serializer_class = EventDetailOut

    def get(self, request, code):
        """Answer the event, or 404 for a draft as for a code nobody gave out."""
        event = Event.objects.public().filter(code=code)
        row = event.values_list("pk", *IN_FULL_COLUMNS).first()
        if row is None:
            raise Problem("not_found")
        return self.respond(in_full(row))


class SeriesFilters(django_filters.FilterSet):
    """What the list of series can be narrowed by."""

    platform = django_filters.ChoiceFilter(choices=Platform.choices, help_text=_("依托平台"))

    class Meta:
        model = Series
        fields = []


class SeriesOut(OutSerializer):
    """A series as its public page shows it."""

    department = serializers.SlugRelatedField(slug_field="code", read_only=True)
    url = serializers.SerializerMethodField(help_text=_("公开页面的地址"))

    class Meta:
        model = Series
        fields = ["code", "name", "platform", "description", "department", "updated_at", "url"]
        read_only_fields = fields

    def get_url(self, series) -> str:
        """Return the absolute address of the public page."""
        return series_address(series.code)


def series_address(code):
    """Return the absolute address of a series' public page."""
    return f"{settings.SITE_URL}/events/series/{code}/"


@extend_schema(tags=["events"])
class SeriesList(ListView):
    """Series that have a page, by code."""

    summary = _("活动系列")
    explanation = _("公开的活动系列；一个系列的活动用 /api/v1/events/?series=编号 读取。")
    example = {
        "results": [
            {
                "code": "P7K3M9XQ2D",
                "name": "青年学者沙龙",
                "platform": "talent_gathering",
                "description": "每月第二个周四。",
                "department": "women",
                "updated_at": "2026-02-19T17:20:00+08:00",
                "url": "https://portal.example.cn/events/series/P7K3M9XQ2D/",
            }
        ],
        "next": None,
    }
    required_scope = "events:read"
    filterset_class = SeriesFilters
    serializer_class = SeriesOut
    same_for_all = True
    order = ("code",)
    columns = ("code", "name", "platform", "description", "department__code", "updated_at")

    def rows(self, request):
        """The same for every partner."""
        return Series.objects.public()

    @staticmethod
    def represent(row):
        """Turn the columns into the object `SeriesOut` declares."""
        code, name, platform, description, department, updated_at = row
        return {
            "code": code,
            "name": name,
            "platform": platform,
            "description": description,
            "department": department,
            "updated_at": moment(updated_at),
            "url": series_address(code),
        }


urlpatterns = [
    path("event-series/", token(SeriesList.as_view()), name="api_event_series"),
    *groups_api.urlpatterns,
    path("events/", token(EventList.as_view()), name="api_events"),
    path("events/<str:code>/", token(EventDetail.as_view()), name="api_event"),
]
