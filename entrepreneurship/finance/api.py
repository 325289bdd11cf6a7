"""What banks read and answer, each its own introductions alone; every reading is on record."""

import django_filters
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from entrepreneurship.finance import operations
from entrepreneurship.finance import referrals_rules as rules
from entrepreneurship.finance.models import (
    AmountBand,
    DeclineReason,
    FinanceBank,
    Referral,
    ReferralState,
    ReferralWay,
)
from kernel.access import token
from kernel.api.errors import Problem
from kernel.api.view import ApiView, ListView, WriteView
from partners import answers

READ, ANSWER = "finance:read", "finance:answer"
WITHDRAWN = "consent_withdrawn"
STATUS = [
    *((s.value, s.label) for s in ReferralState if s != "withdrawn"),
    (WITHDRAWN, _("已撤回")),
]
EXAMPLE = {
    "code": "K7MQ2RXW",
    "status": "received",
    "product": "M4TQ8ZRW",
    "terms_version": 2,
    "way": "call",
    "purpose": "working_capital",
    "introduced_on": "2026-11-02",
    "due_on": "2026-11-16",
}


class ReferralOut(serializers.Serializer):
    """An introduction without anything of hers; of one that was withdrawn nothing but that."""

    code = serializers.CharField(help_text=_("引见码"))
    status = serializers.ChoiceField(choices=STATUS, help_text=_("状态"))
    product = serializers.CharField(required=False, help_text=_("产品编号"))
    terms_version = serializers.IntegerField(required=False, help_text=_("产品条件的版本"))
    way = serializers.ChoiceField(choices=ReferralWay.choices, required=False, help_text=_("方式"))
    purpose = serializers.CharField(required=False, help_text=_("用途"))
    introduced_on = serializers.DateField(required=False, help_text=_("引见日期"))
    due_on = serializers.DateField(
        required=False, allow_null=True, help_text=_("最晚答复日，没有要答复的为 null")
    )


class ReferralWithContents(ReferralOut):
    """The same with what she agreed to tell this bank."""

    contents = serializers.DictField(
        child=serializers.CharField(), required=False, help_text=_("本人逐项同意提供的信息")
    )


COLUMNS = (
    "code",
    "state",
    "product__code",
    "terms__number",
    "way",
    "purpose",
    "introduced_on",
    "due_on",
)


def represent(row):
    """Turn COLUMNS into the object `ReferralOut` declares."""
    values = dict(zip(ReferralOut().fields, row, strict=True))
    if values["status"] == ReferralState.WITHDRAWN:
        return {"code": values["code"], "status": WITHDRAWN}
    for name in ("introduced_on", "due_on"):
        values[name] = values[name] and values[name].isoformat()
    return values


def _told(referral):
    return represent(Referral.objects.filter(pk=referral.pk).values_list(*COLUMNS).get())


def _own(request):
    return Referral.objects.known_to(request.user.unit_id)


def _one(request, code):
    found = _own(request).filter(code=code).first()
    if found is None:
        raise Problem("not_found")
    return found


class ReferralFilters(django_filters.FilterSet):
    """What the list can be narrowed by."""

    status = django_filters.ChoiceFilter(choices=STATUS, method="stands", help_text=_("状态"))
    to_delete = django_filters.BooleanFilter(method="deletes", help_text=_("true：只列要求删除的"))

    class Meta:
        model = Referral
        fields = []

    def stands(self, queryset, name, value):
        """Keep one state."""
        state = ReferralState.WITHDRAWN if value == WITHDRAWN else value
        return queryset.filter(state=state)

    def deletes(self, queryset, name, value):
        """Keep what has to be deleted, or all."""
        return queryset.to_delete() if value else queryset


@extend_schema(tags=["finance"])
class ReferralList(ListView):
    """The bank's introductions, without anything personal."""

    summary = _("本行的金融对接")
    explanation = _(
        "按引见码列出引见到本行的对接，不含个人信息；本人提供的信息逐件读取。列表和逐件读取，每次都有记录。"
        "本人撤回后只返回 consent_withdrawn，请删除已有的信息并确认。"
    )
    example = {"results": [EXAMPLE], "next": None}
    required_scope = READ
    filterset_class = ReferralFilters
    serializer_class = ReferralOut
    cache_control = "private, no-store"
    order = ("code",)
    columns = COLUMNS
    represent = staticmethod(represent)

    def rows(self, request):
        """Its own alone."""
        return _own(request)

    def page(self, rows):
        """Put on record which of them this page shows."""
        unit = self.request.user.unit_id
        if bank := FinanceBank.objects.filter(unit=unit).first():
            codes = [row[0] for row in rows]
            operations.read_list(bank=bank, codes=codes, by=None, now=timezone.now(), unit=unit)
        return super().page(rows)


@extend_schema(tags=["finance"])
class ReferralDetail(ApiView):
    """One introduction with what she agreed to tell."""

    summary = _("一件对接和本人同意提供的信息")
    explanation = _(
        "contents 只含本人逐项勾选的信息，在她同意的三十天内返回；撤回后立即不再返回。每次读取都有记录。"
    )
    example = EXAMPLE | {"contents": {"full_name": "王小敏", "phone": "14000000001"}}
    required_scope = READ
    serializer_class = ReferralWithContents
    cache_control = "private, no-store"

    def get(self, request, code):
        """Answer with it, 404 for another bank's."""
        referral, told = operations.read_referral(
            referral=_one(request, code), by=None, now=timezone.now(), unit=request.user.unit_id
        )
        known = _told(referral)
        return self.respond(known | ({"contents": told} if told else {}))


class ReferralAnswerIn(serializers.Serializer):
    """What the bank says, in codes."""

    answer = serializers.ChoiceField(choices=[(name, name) for name in rules.NEXT])
    on = serializers.DateField(required=False, help_text=_("实际发生的日期，省略为今天"))
    reason = serializers.ChoiceField(
        choices=DeclineReason.choices, required=False, help_text=_("未批准时必填")
    )
    band = serializers.ChoiceField(
        choices=AmountBand.choices, required=False, help_text=_("金额档，本人同意告知时才能填")
    )


class ReferralEmptyIn(serializers.Serializer):
    """An empty object."""


class _Writes(WriteView):
    """Writes about one introduction of the bank, once for each key."""

    example = EXAMPLE
    required_scope = ANSWER
    serializer_class = ReferralOut
    more_errors = ("conflict",)

    def post(self, request, code):
        """Find the bank's own, 404 for another's."""
        self.found = _one(request, code)
        return super().post(request)

    def write(self, request, values, key):
        """Carry it out once for each key."""
        now = timezone.now()
        said = {name: str(value) for name, value in values.items()} | {"code": self.found.code}

        def carry_out():
            self.operate(values, now)
            return _told(self.found)

        return answers.once(
            unit_id=request.user.unit_id,
            scope=f"{ANSWER}:{self.said_as}",
            key=key,
            said=said,
            now=now,
            carry_out=carry_out,
        )


@extend_schema(tags=["finance"])
class AnswerReferral(_Writes):
    """Tell how it goes on."""

    summary = _("答复一件对接")
    explanation = _(
        "按顺序登记：received → contacted → approved → disbursed；也可以是 not_reached、declined、"
        "declined_by_client。须带请求头 Idempotency-Key，用法同其他写入接口。"
    )
    request_serializer_class = ReferralAnswerIn
    said_as = "answer"

    def operate(self, values, now):
        """Note the answer."""
        operations.answer_referral(referral=self.found, by=None, now=now, **values)


@extend_schema(tags=["finance"])
class UndoReferralAnswer(_Writes):
    """Take the newest answer back."""

    summary = _("撤回最近一次答复")
    explanation = _("五天内、下一步之前可以撤回登记错的答复，记录保留。正文为空对象 {}。")
    request_serializer_class = ReferralEmptyIn
    said_as = "undo"

    def operate(self, values, now):
        """Take it back."""
        operations.undo_answer(referral=self.found, by=None, now=now)


@extend_schema(tags=["finance"])
class ConfirmReferralDeletion(_Writes):
    """Confirm that what she told was deleted."""

    summary = _("确认已删除")
    explanation = _(
        "本人撤回或同意到期后，请删除已取得的信息再确认；确认以前会一再提醒。正文为空对象 {}。"
    )
    request_serializer_class = ReferralEmptyIn
    said_as = "delete"

    def operate(self, values, now):
        """Note it."""
        operations.confirm_deletion(referral=self.found, by=None, now=now)


class TotalIn(serializers.Serializer):
    """What the bank counts for a quarter."""

    quarter = serializers.DateField(help_text=_("季度的第一天，如 2026-07-01"))
    received = serializers.IntegerField(min_value=0, max_value=1_000_000)
    approved = serializers.IntegerField(min_value=0, max_value=1_000_000)
    disbursed = serializers.IntegerField(min_value=0, max_value=1_000_000)
    amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, help_text=_("放款金额，万元")
    )


class TotalOut(serializers.Serializer):
    """What is on record now."""

    quarter = serializers.DateField()
    received = serializers.IntegerField()
    approved = serializers.IntegerField()
    disbursed = serializers.IntegerField()
    amount = serializers.CharField()


@extend_schema(tags=["finance"])
class BankTotals(WriteView):
    """Tell a quarter's totals, without names."""

    summary = _("填报季度合计")
    explanation = _("不含任何个人信息；同一季度再次提交即为更正。须带请求头 Idempotency-Key。")
    example = {
        "quarter": "2026-07-01",
        "received": 21,
        "approved": 14,
        "disbursed": 12,
        "amount": "1260.00",
    }
    required_scope = ANSWER
    request_serializer_class = TotalIn
    serializer_class = TotalOut
    more_errors = ("conflict", "not_found")

    def write(self, request, values, key):
        """Enter them for the key's bank."""
        bank = FinanceBank.objects.filter(unit=request.user.unit_id).first()
        if bank is None:
            raise Problem("not_found")
        now, told = timezone.now(), dict(values)

        def carry_out():
            quarter = told.pop("quarter")
            row = operations.enter_total(bank=bank, quarter=quarter, values=told, by=None, now=now)
            counts = {name: getattr(row, name) for name in ("received", "approved", "disbursed")}
            return {"quarter": quarter.isoformat(), **counts, "amount": f"{row.amount:.2f}"}

        return answers.once(
            unit_id=request.user.unit_id,
            scope=f"{ANSWER}:total",
            key=key,
            said={name: str(value) for name, value in values.items()},
            now=now,
            carry_out=carry_out,
        )


urlpatterns = [
    path("finance/referrals/", token(ReferralList.as_view()), name="api_referrals"),
    path("finance/referrals/<str:code>/", token(ReferralDetail.as_view()), name="api_referral"),
    path(
        "finance/referrals/<str:code>/answers/",
        token(AnswerReferral.as_view()),
        name="api_answer_referral",
    ),
    path(
        "finance/referrals/<str:code>/undo/",
        token(UndoReferralAnswer.as_view()),
        name="api_undo_referral_answer",
    ),
    path(
        "finance/referrals/<str:code>/deletion/",
        token(ConfirmReferralDeletion.as_view()),
        name="api_confirm_referral_deletion",
    ),
    path("finance/totals/", token(BankTotals.as_view()), name="api_bank_totals"),
]
