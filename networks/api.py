"""Units of associations read who their members are and who is in office (scope associations:read)."""

import django_filters
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from kernel.access import token
from kernel.api.view import ListView, OutSerializer
from networks.associations.models import Association
from networks.members.models import Membership
from networks.posts.models import Holding
from privacy import audit


class MembershipOut(OutSerializer):
    """A member, and until when."""

    name = serializers.CharField(help_text=_("姓名"))
    unit = serializers.CharField(help_text=_("单位；没有填写时为空"))
    paused = serializers.BooleanField(help_text=_("会籍今天是否暂停；暂停时仍是会员"))

    class Meta:
        model = Membership
        fields = ("code", "name", "unit", "joined_on", "valid_until", "paused")


MEMBER = {
    "code": "K7MQ2RXW4N3P",
    "name": "周雨桐",
    "unit": "重庆示例科技有限公司",
    "joined_on": "2024-03-08",
    "valid_until": "2027-03-07",
    "paused": False,
}


class MembershipFilters(django_filters.FilterSet):
    """What the list can be narrowed by."""

    ends_before = django_filters.DateFilter(
        field_name="valid_until", lookup_expr="lt", help_text=_("会籍在这一天以前到期")
    )

    class Meta:
        model = Membership
        fields = []


@extend_schema(tags=["associations"])
class MembershipList(ListView):
    """The members of the unit's association today."""

    summary = _("本协会的会员")
    explanation = _("会籍今天有效的会员。退会或到期的当天起不再列出；每次读取都有记录。")
    example = {"results": [MEMBER], "next": None}
    required_scope = "associations:read"
    filterset_class = MembershipFilters
    serializer_class = MembershipOut
    cache_control = "private, no-store"
    order = ("code",)
    columns = (
        "code",
        "talent__full_name",
        "talent__unit__name",
        "talent__unit_text",
        "joined_on",
        "valid_until",
        "paused_from",
        "paused_until",
    )

    def get(self, request):
        """Answer one page and put it on record."""
        answer = super().get(request)
        if own := Association.objects.filter(unit=request.user.unit_id).first():
            unit = request.user.unit_id
            audit.record("networks.read_members", own, by=None, at=timezone.now(), unit=unit)
        return answer

    def rows(self, request):
        """Its own alone."""
        today = timezone.localdate()
        return Membership.objects.in_force(today).filter(association__unit=request.user.unit_id)

    @staticmethod
    def represent(row):
        """Turn the columns into the object `MembershipOut` declares."""
        code, name, unit, text, joined_on, valid_until, paused_from, paused_until = row
        today = timezone.localdate()
        return {
            "code": code,
            "name": name,
            "unit": unit or text,
            "joined_on": joined_on.isoformat(),
            "valid_until": valid_until.isoformat(),
            "paused": paused_from is not None and paused_from <= today <= paused_until,
        }


class HoldingOut(OutSerializer):
    """A post, and who holds it."""

    id = serializers.IntegerField(help_text=_("任职的编号"))
    post = serializers.CharField(help_text=_("职务"))
    name = serializers.CharField(help_text=_("任职的人；不在人才库里的为空"))
    sex = serializers.ChoiceField([("female", _("女")), ("male", _("男"))], help_text=_("性别"))

    class Meta:
        model = Holding
        fields = ("id", "post", "rung", "name", "sex", "first_day", "last_day")


HOLDING = {
    "id": 12,
    "post": "会长",
    "rung": "leader",
    "name": "周雨桐",
    "sex": "female",
    "first_day": "2024-06-20",
    "last_day": "2028-06-19",
}


class HoldingFilters(django_filters.FilterSet):
    """What the list can be narrowed by."""

    rung = django_filters.ChoiceFilter(
        choices=Holding._meta.get_field("rung").choices, help_text=_("层级")
    )

    class Meta:
        model = Holding
        fields = []


@extend_schema(tags=["associations"])
class HoldingList(ListView):
    """Who is in office in the unit's association today."""

    summary = _("本协会在任的人")
    explanation = _("今天在任的人；任期、会籍或任职一结束，当天起不再列出。")
    example = {"results": [HOLDING], "next": None}
    required_scope = "associations:read"
    filterset_class = HoldingFilters
    serializer_class = HoldingOut
    cache_control = "private, no-store"
    order = ("id",)
    columns = (
        "id",
        "post__title",
        "rung",
        "talent__full_name",
        "outside",
        "first_day",
        "last_day",
    )

    def rows(self, request):
        """Its own alone."""
        held = Holding.objects.in_office(timezone.localdate())
        return held.filter(association__unit=request.user.unit_id)

    @staticmethod
    def represent(row):
        """Turn the columns into the object `HoldingOut` declares."""
        pk, post, rung, name, outside, first_day, last_day = row
        return {
            "id": pk,
            "post": post,
            "rung": rung,
            "name": name or "",
            "sex": "male" if outside == "man" else "female",
            "first_day": first_day.isoformat(),
            "last_day": last_day.isoformat(),
        }


urlpatterns = [
    path("associations/members/", token(MembershipList.as_view()), name="api_association_members"),
    path("associations/posts/", token(HoldingList.as_view()), name="api_association_posts"),
]
