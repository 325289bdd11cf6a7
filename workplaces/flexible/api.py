"""Units read, enter, correct and confirm their own flexible work (scopes flexible-work:read, flexible-work:write)."""

import django_filters
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts.models import Unit
from kernel.access import token
from kernel.api.errors import Problem
from kernel.api.view import ListView, OutSerializer, WriteView
from partners import answers
from talents.codes import Discipline
from workplaces.flexible import operations
from workplaces.flexible.models import GROWN, FlexibleOffer, Kind, Pay

COLUMNS = ("id", *operations.FIELDS, "confirmed_on", "revision", "withdrawn_at")
# Called as other lists of the API call them, or so that no name of another's changes.
CALLED = {"kind": "flexibility", "discipline": "field"}
SAID = tuple(CALLED.get(name, name) for name in operations.FIELDS)
SHOWN = ("id", *SAID, "confirmed_on", "revision", "withdrawn")
FLEXIBILITY = _("种类代码")
PAY = _("工资代码；为 other 时 pay_words 必填")


class FlexibleOfferOut(OutSerializer):
    """What flexible work the unit offers."""

    id = serializers.IntegerField(help_text=_("编号"))
    flexibility = serializers.ChoiceField(Kind.choices, help_text=FLEXIBILITY)
    field = serializers.ChoiceField(
        Discipline.choices, allow_blank=True, help_text=_("学科代码，不限为空")
    )
    revision = serializers.IntegerField(help_text=_("第几版；确认时带上，表示看过的是这一版"))
    withdrawn = serializers.BooleanField(help_text=_("已撤下"))

    class Meta:
        model = FlexibleOffer
        fields = SHOWN


EXAMPLE = {
    "id": 7,
    "flexibility": "home",
    "posts": "软件开发岗",
    "field": "520",
    "how_many": 12,
    "pay": "same",
    "pay_words": "",
    "workload": "每周两天在家办公",
    "age_until": None,
    "valid_from": "2026-09-01",
    "valid_until": None,
    "district": "天宫殿街道",
    "place": "互联网产业园",
    "ask": "人力资源部",
    "phone": "023-67010001",
    "confirmed_on": "2026-11-27",
    "revision": 1,
    "withdrawn": False,
}


class FlexibleOfferFilters(django_filters.FilterSet):
    """What the list can be narrowed by."""

    flexibility = django_filters.ChoiceFilter(
        field_name="kind", choices=Kind.choices, help_text=FLEXIBILITY
    )

    class Meta:
        model = FlexibleOffer
        fields = []


def _own(request):
    return FlexibleOffer.objects.filter(unit=request.user.unit_id)


def _told(row):
    said = dict(zip(SHOWN, row, strict=True))
    said["withdrawn"] = said["withdrawn"] is not None
    for name in ("valid_from", "valid_until", "confirmed_on"):
        said[name] = said[name] and said[name].isoformat()
    return said


def _answer(offer):
    return _told(FlexibleOffer.objects.values_list(*COLUMNS).get(pk=offer.pk))


@extend_schema(tags=["flexible-work"])
class FlexibleOfferList(ListView):
    """What the unit offers."""

    summary = _("本单位的弹性工作")
    explanation = _("按编号列出，已撤下的也在内；一年没有确认的，公开页面上写“未复核”。")
    example = {"results": [EXAMPLE], "next": None}
    required_scope = "flexible-work:read"
    filterset_class = FlexibleOfferFilters
    serializer_class = FlexibleOfferOut
    cache_control = "private, no-store"
    order = ("id",)
    columns = COLUMNS
    represent = staticmethod(_told)

    def rows(self, request):
        """Its own alone."""
        return _own(request)


class FlexibleOfferIn(serializers.Serializer):
    """What a unit offers, whole: a field that is left out is empty."""

    flexibility = serializers.ChoiceField(Kind.choices, help_text=FLEXIBILITY)
    posts = serializers.CharField(max_length=120, help_text=_("哪些岗位"))
    field = serializers.ChoiceField(
        Discipline.choices,
        required=False,
        default="",
        allow_blank=True,
        help_text=_("学科代码，不限为空"),
    )
    how_many = serializers.IntegerField(
        min_value=1,
        max_value=32767,
        required=False,
        allow_null=True,
        default=None,
        help_text=_("几个岗位，谁申请都可以为空"),
    )
    pay = serializers.ChoiceField(Pay.choices, help_text=PAY)
    pay_words = serializers.CharField(
        max_length=120, required=False, default="", allow_blank=True, help_text=_("工资说明")
    )
    workload = serializers.CharField(max_length=120, help_text=_("工作量"))
    age_until = serializers.IntegerField(
        min_value=1,
        max_value=GROWN,
        required=False,
        allow_null=True,
        default=None,
        help_text=_("限子女几周岁以下，与子女无关为空"),
    )
    valid_from = serializers.DateField(help_text=_("开始日"))
    valid_until = serializers.DateField(
        required=False, allow_null=True, default=None, help_text=_("结束日，长期有效为空")
    )
    district = serializers.CharField(max_length=40, help_text=_("所在街道"))
    place = serializers.CharField(
        max_length=120, required=False, default="", allow_blank=True, help_text=_("地点")
    )
    ask = serializers.CharField(max_length=60, help_text=_("问哪个部门"))
    phone = serializers.CharField(max_length=40, help_text=_("办公电话，不能是手机号"))


class Writes(WriteView):
    """A write of the unit's own offers, done once for each key."""

    example = EXAMPLE
    required_scope = "flexible-work:write"
    serializer_class = FlexibleOfferOut
    found = None

    def of_own(self, request, pk):
        """Find the unit's own, 404 for another's, then check the key and the body."""
        self.found = _own(request).filter(pk=pk).first()
        if self.found is None:
            raise Problem("not_found")
        return super().post(request)

    def once(self, request, values, key, scope, operation):
        """Carry `operation(now)` out once; returns what the key was answered."""
        now = timezone.now()
        said = {name: str(value) for name, value in values.items()}
        return answers.once(
            unit_id=request.user.unit_id,
            scope=f"flexible-work:{scope}",
            key=key,
            said=said | {"id": self.found and self.found.pk},
            now=now,
            carry_out=lambda: _answer(operation(now)),
        )


def _values(said):
    return {name: said[CALLED.get(name, name)] for name in operations.FIELDS}


@extend_schema(tags=["flexible-work"])
class NewFlexibleOffer(Writes):
    """Enter an offer."""

    summary = _("登记弹性工作")
    explanation = _("随即公布，一年内有效。须带请求头 Idempotency-Key，用法同其他写入接口。")
    request_serializer_class = FlexibleOfferIn
    more_errors = ("conflict",)

    def write(self, request, values, key):
        """Enter it for the key's unit."""
        unit = Unit.objects.get(pk=request.user.unit_id)

        def save(now):
            return operations.save_offer(unit=unit, values=_values(values), by=None, now=now)

        return self.once(request, values, key, "new", save)


@extend_schema(tags=["flexible-work"])
class EditFlexibleOffer(Writes):
    """Correct an offer."""

    summary = _("修改弹性工作")
    explanation = _("要写全：没有给出的可选项变为空。改动后一年内有效；已撤下的不能改。")
    request_serializer_class = FlexibleOfferIn
    more_errors = ("not_found", "conflict")

    def post(self, request, pk):
        """Find the unit's own."""
        return self.of_own(request, pk)

    def write(self, request, values, key):
        """Save it."""

        def save(now):
            return operations.save_offer(offer=self.found, values=_values(values), by=None, now=now)

        return self.once(request, values, key, "edit", save)


class ConfirmIn(serializers.Serializer):
    """Which text was read."""

    revision = serializers.IntegerField(min_value=1, help_text=_("看过的是第几版"))


@extend_schema(tags=["flexible-work"])
class ConfirmFlexibleOffer(Writes):
    """Confirm an offer for another year."""

    summary = _("确认弹性工作")
    explanation = _("内容没有变化时每年确认一次。读取之后有改动的不接受，请重新读取。")
    request_serializer_class = ConfirmIn
    more_errors = ("not_found", "conflict")

    def post(self, request, pk):
        """Find the unit's own."""
        return self.of_own(request, pk)

    def write(self, request, values, key):
        """Confirm it."""

        def confirm(now):
            return operations.confirm_offer(offer=self.found, by=None, now=now, **values)

        return self.once(request, values, key, "confirm", confirm)


urlpatterns = [
    path("flexible-work/", token(FlexibleOfferList.as_view()), name="api_flexible_work"),
    path("flexible-work/new/", token(NewFlexibleOffer.as_view()), name="api_new_flexible_work"),
    path(
        "flexible-work/<int:pk>/edit/",
        token(EditFlexibleOffer.as_view()),
        name="api_edit_flexible_work",
    ),
    path(
        "flexible-work/<int:pk>/confirm/",
        token(ConfirmFlexibleOffer.as_view()),
        name="api_confirm_flexible_work",
    ),
]
