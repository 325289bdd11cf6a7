"""Partner units read what is public and their own, and send profiles and interests (scopes transfer:read and transfer:write)."""

import django_filters
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts.models import Unit
from entrepreneurship.transfer import interests, profiles
from entrepreneurship.transfer.models import (
    Readiness,
    RightsKind,
    TransferForm,
    TransferKind,
    TransferProfile,
    VersionState,
)
from kernel import bigrams
from kernel.access import token
from kernel.api.errors import Problem
from kernel.api.view import ListView, OutSerializer, WriteView, moment
from partners import answers
from privacy import audit
from talents.codes import Discipline

COLUMNS = (
    "code",
    "kind",
    "title",
    "advantage",
    "field",
    "readiness",
    "forms",
    "keywords",
    "published_at",
    "expires_on",
)
SHOWN = ("code", "transfer_kind", *COLUMNS[2:])
EXAMPLE = {
    "code": "K7MQ2RXW4N",
    "transfer_kind": "offer",
    "title": "晶圆边缘缺陷的在线检测",
    "advantage": "漏检率从 3% 降到 0.4%，每片 2 秒",
    "field": "510",
    "readiness": 6,
    "forms": ["licence", "joint"],
    "keywords": ["晶圆检测", "机器视觉"],
    "published_at": "2026-11-27T10:15:00+08:00",
    "expires_on": "2027-11-27",
}


class TransferOut(OutSerializer):
    """What everybody may read of an offer, need or joint research; no woman is named."""

    transfer_kind = serializers.ChoiceField(
        source="kind", choices=TransferKind.choices, help_text=_("类别")
    )
    forms = serializers.ListField(child=serializers.ChoiceField(choices=TransferForm.choices))
    keywords = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = TransferProfile
        fields = SHOWN


class TransferFilters(django_filters.FilterSet):
    """What the list can be narrowed by."""

    transfer_kind = django_filters.ChoiceFilter(
        field_name="kind", choices=TransferKind.choices, help_text=_("类别")
    )
    field = django_filters.ChoiceFilter(choices=Discipline.choices, help_text=_("领域"))
    q = django_filters.CharFilter(method="found", help_text=_("关键词"))
    own = django_filters.BooleanFilter(
        method="owned", help_text=_("true：只列本单位的，未公开和已到期的也在内")
    )

    class Meta:
        model = TransferProfile
        fields = []

    def found(self, queryset, name, value):
        """Find by words."""
        return bigrams.match(queryset, value[:40])

    def owned(self, queryset, name, value):
        """Keep the unit's own; the view has widened the rows."""
        return queryset


@extend_schema(tags=["transfer"])
class TransferList(ListView):
    """What is public, or the unit's own."""

    summary = _("成果和需求")
    explanation = _(
        "列出公开的成果、需求和联合研究，不含个人姓名。own=true 时列出本单位的全部。每次读取都有记录。"
    )
    example = {"results": [EXAMPLE], "next": None}
    required_scope = "transfer:read"
    filterset_class = TransferFilters
    serializer_class = TransferOut
    cache_control = "private, no-store"
    order = ("code",)
    columns = COLUMNS

    def rows(self, request):
        """What is public; with own=true the unit's own, whatever its state. The reading is on record."""
        unit = Unit(pk=request.user.unit_id)
        audit.record("entrepreneurship.read_transfers", unit, by=None, at=timezone.now())
        if request.GET.get("own") == "true":
            return TransferProfile.objects.filter(unit=request.user.unit_id)
        return TransferProfile.objects.shown(timezone.localdate())

    @staticmethod
    def represent(row):
        """Turn the columns into the object `TransferOut` declares."""
        said = dict(zip(SHOWN, row, strict=True))
        since, until = said["published_at"], said["expires_on"]
        said["published_at"] = moment(since) if since else None
        said["expires_on"] = until.isoformat() if until else None
        return said


class TransferIn(serializers.Serializer):
    """A profile of the unit's own, handed in at once."""

    transfer_kind = serializers.ChoiceField(choices=TransferKind.choices, help_text=_("类别"))
    title = serializers.CharField(max_length=60, help_text=_("名称"))
    problem = serializers.CharField(max_length=1000, help_text=_("解决什么问题"))
    advantage = serializers.CharField(
        max_length=300, required=False, default="", help_text=_("优势，用数字说")
    )
    field = serializers.ChoiceField(choices=Discipline.choices, help_text=_("领域"))
    readiness = serializers.ChoiceField(choices=Readiness.choices, help_text=_("技术就绪水平"))
    forms = serializers.ListField(
        child=serializers.ChoiceField(choices=TransferForm.choices), help_text=_("合作方式")
    )
    keywords = serializers.ListField(
        child=serializers.CharField(max_length=20), help_text=_("关键词，一到八个")
    )
    rights_kind = serializers.ChoiceField(
        choices=RightsKind.choices, required=False, default="", help_text=_("权利情况")
    )
    application_number = serializers.CharField(
        max_length=20, required=False, default="", allow_blank=True, help_text=_("专利申请号")
    )
    is_abroad = serializers.BooleanField(required=False, default=False, help_text=_("发布方在境外"))
    affirmed = serializers.BooleanField(
        help_text=_("声明内容不涉及国家秘密、限制出口的技术和别人的商业秘密")
    )
    novelty = serializers.BooleanField(
        required=False, default=False, help_text=_("未申请专利时：确认知道公开会丧失新颖性")
    )


class TransferMade(serializers.Serializer):
    """What was handed in."""

    code = serializers.CharField()
    version_state = serializers.ChoiceField(choices=VersionState.choices)


@extend_schema(tags=["transfer"])
class NewTransfer(WriteView):
    """Hand a profile of the unit's own in."""

    summary = _("发布本单位的成果或需求")
    explanation = _(
        "提交后由工作人员审核，通过后公开十二个月。须带请求头 Idempotency-Key，用法同其他写入接口。"
    )
    example = {"code": "K7MQ2RXW4N", "version_state": "checking"}
    required_scope = "transfer:write"
    request_serializer_class = TransferIn
    serializer_class = TransferMade
    more_errors = ("conflict",)

    def write(self, request, values, key):
        """Begin and hand in, once for each key."""
        now, unit_id = timezone.now(), request.user.unit_id
        said = dict(values)

        def carry_out():
            words = dict(said)
            kind, affirmed = words.pop("transfer_kind"), words.pop("affirmed")
            novelty = words.pop("novelty")
            unit = Unit.objects.get(pk=unit_id)
            profile = profiles.begin_profile(kind=kind, values=words, unit=unit, by=None, now=now)
            version = profiles.submit_profile(
                profile=profile, affirmed=affirmed, novelty=novelty, by=None, now=now
            )
            return {"code": profile.code, "version_state": version.state}

        return answers.once(
            unit_id=unit_id,
            scope="transfer:profile",
            key=key,
            said=said,
            now=now,
            carry_out=carry_out,
        )


class InterestIn(serializers.Serializer):
    """What the unit says."""

    words = serializers.CharField(max_length=500, help_text=_("想怎样合作，不写联系方式"))
    form = serializers.CharField(max_length=8, help_text=_("合作方式，对方列出的一种"))
    abroad = serializers.CharField(
        max_length=60,
        required=False,
        default="",
        allow_blank=True,
        help_text=_("在境外时填写所在国家或地区"),
    )
    reach = serializers.CharField(
        max_length=100,
        required=False,
        default="",
        allow_blank=True,
        help_text=_("在境外时填写联系邮箱，对方单独同意前会看到"),
    )


class InterestMade(serializers.Serializer):
    """What was said."""

    code = serializers.CharField()
    state = serializers.CharField()
    answer_by = serializers.DateField()


@extend_schema(tags=["transfer"])
class NewInterest(WriteView):
    """Say that the unit is interested."""

    summary = _("对公开的成果或需求表示意向")
    explanation = _(
        "对方十五个工作日内答复。双方同意和联系方式在网页上办，由本单位联系人确认。"
        "须带请求头 Idempotency-Key，用法同其他写入接口。"
    )
    example = {"code": "P3XN8CTD6V", "state": "asked", "answer_by": "2026-12-18"}
    required_scope = "transfer:write"
    request_serializer_class = InterestIn
    serializer_class = InterestMade
    more_errors = ("conflict",)

    def post(self, request, code):
        """Take it of a public profile, 404 for another."""
        shown = TransferProfile.objects.shown(timezone.localdate())
        self.found = shown.filter(code=code).first()
        if self.found is None:
            raise Problem("not_found")
        return super().post(request)

    def write(self, request, values, key):
        """Say it, once for each key."""
        now, unit_id, said = timezone.now(), request.user.unit_id, dict(values)

        def carry_out():
            made = interests.express_interest(
                profile=self.found, unit=Unit.objects.get(pk=unit_id), by=None, now=now, **said
            )
            return {
                "code": made.code,
                "state": made.state,
                "answer_by": made.answer_by.isoformat(),
            }

        return answers.once(
            unit_id=unit_id,
            scope="transfer:interest",
            key=key,
            said={**said, "profile": self.found.code},
            now=now,
            carry_out=carry_out,
        )


urlpatterns = [
    path("transfers/", token(TransferList.as_view()), name="api_transfers"),
    path("transfers/new/", token(NewTransfer.as_view()), name="api_new_transfer"),
    path(
        "transfers/<str:code>/interest/",
        token(NewInterest.as_view()),
        name="api_new_transfer_interest",
    ),
]
