"""Units read their own nurseries' classes and say how many places are free (scopes nurseries:read, nurseries:write)."""

import django_filters
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from kernel.access import token
from kernel.api.errors import Problem
from kernel.api.view import ListView, OutSerializer, WriteView
from partners import answers
from workplaces.childcare import operations
from workplaces.childcare.models import Band, NurseryClass

COLUMNS = ("id", "nursery__name", "name", "band", "capacity", "carers", "price", "free", "free_on")


class NurseryClassOut(OutSerializer):
    """A class of a nursery of the unit."""

    id = serializers.IntegerField(help_text=_("班级的编号"))
    nursery = serializers.CharField(help_text=_("托育机构"))
    age_band = serializers.ChoiceField(Band.choices, help_text=_("班型代码"))
    free = serializers.IntegerField(allow_null=True, help_text=_("空余托位；没有说过时为空"))
    free_on = serializers.DateField(allow_null=True, help_text=_("空余托位的日期"))

    class Meta:
        model = NurseryClass
        fields = (
            "id",
            "nursery",
            "name",
            "age_band",
            "capacity",
            "carers",
            "price",
            "free",
            "free_on",
        )


EXAMPLE = {
    "id": 12,
    "nursery": "礼嘉阳光托育园",
    "name": "小一班",
    "age_band": "toddler",
    "capacity": 15,
    "carers": 3,
    "price": 2600,
    "free": 4,
    "free_on": "2026-11-27",
}


class NurseryClassFilters(django_filters.FilterSet):
    """What the list can be narrowed by."""

    age_band = django_filters.ChoiceFilter(
        field_name="band", choices=Band.choices, help_text=_("班型代码")
    )

    class Meta:
        model = NurseryClass
        fields = []


def _own(request):
    return NurseryClass.objects.standing().filter(nursery__unit=request.user.unit_id)


def _told(row):
    *plain, free_on = row
    said = (*plain, free_on and free_on.isoformat())
    return dict(zip(NurseryClassOut.Meta.fields, said, strict=True))


@extend_schema(tags=["nurseries"])
class NurseryClassList(ListView):
    """The classes of the unit's nurseries."""

    summary = _("本单位的托育班级")
    explanation = _("只有班额、费用和空余托位的数字，不含任何孩子的信息；已停办的不列出。")
    example = {"results": [EXAMPLE], "next": None}
    required_scope = "nurseries:read"
    filterset_class = NurseryClassFilters
    serializer_class = NurseryClassOut
    cache_control = "private, no-store"
    order = ("id",)
    columns = COLUMNS
    represent = staticmethod(_told)

    def rows(self, request):
        """Its own alone."""
        return _own(request)


class FreeIn(serializers.Serializer):
    """How many places are free today."""

    free = serializers.IntegerField(
        min_value=0, max_value=999, help_text=_("今天空余托位，不能多于班额")
    )


@extend_schema(tags=["nurseries"])
class StateFree(WriteView):
    """Say how many places of a class are free."""

    summary = _("更新空余托位")
    explanation = _(
        "日期记为当天，30 天内这样公布。多于班额的不接受，也不写入。须带请求头 Idempotency-Key，用法同其他写入接口。"
    )
    example = EXAMPLE
    required_scope = "nurseries:write"
    request_serializer_class = FreeIn
    serializer_class = NurseryClassOut
    more_errors = ("not_found", "conflict")

    def post(self, request, pk):
        """Find the unit's own, 404 for another's."""
        self.found = _own(request).select_related("nursery").filter(pk=pk).first()
        if self.found is None:
            raise Problem("not_found")
        return super().post(request)

    def write(self, request, values, key):
        """Carry it out once for each key."""
        now = timezone.now()

        def carry_out():
            operations.state_free(klass=self.found, by=None, now=now, **values)
            return _told(_own(request).values_list(*COLUMNS).get(pk=self.found.pk))

        return answers.once(
            unit_id=request.user.unit_id,
            scope="nurseries:free",
            key=key,
            said=dict(values) | {"id": self.found.pk},
            now=now,
            carry_out=carry_out,
        )


urlpatterns = [
    path("nursery-classes/", token(NurseryClassList.as_view()), name="api_nursery_classes"),
    path("nursery-classes/<int:pk>/free/", token(StateFree.as_view()), name="api_nursery_free"),
]
