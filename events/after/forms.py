"""Forms of what follows an event."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from accounts.models import Department
from events import operations
from events.models import WORDS_LENGTH, CertificateOffer, NoShowRule, Score
from kernel.admin.forms import OperationForm, reason_field


def _words(label):
    return forms.CharField(
        label=label,
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FeedbackForm(forms.Form):
    """Three short questions; only the first has to be answered."""

    score = forms.TypedChoiceField(
        label=_("总体感受"),
        coerce=int,
        choices=Score.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择总体感受。")},
    )
    helped = _words(_("哪里让您有收获？"))
    change = _words(_("哪里应该改？"))


class HideForm(forms.Form):
    """Why the words of an answer are taken out of what is read."""

    reason = reason_field(_("写入办理记录，如“点名指责个人”。分数照样计入。"))


class OfferForm(forms.ModelForm):
    """On what terms an event gives certificates."""

    issuers = forms.MultipleChoiceField(
        label=_("落款部门"),
        choices=lambda: [(d.code, d.label) for d in Department.objects.all()],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        error_messages={"required": _("请至少选择一个落款部门。")},
    )
    title_en = forms.CharField(
        label=_("活动英文名称"),
        max_length=120,
        required=False,
        help_text=_("印在英文证书上；不填则印中文名称"),
        widget=UnfoldAdminTextInputWidget(),
    )

    class Meta:
        model = CertificateOffer
        fields = ("hours", "least_percent", "title_en", "issuers", "speakers")
        widgets = {
            "hours": UnfoldAdminDecimalFieldWidget(),
            "least_percent": UnfoldAdminIntegerFieldWidget(),
            "speakers": UnfoldBooleanWidget(),
        }
        help_texts = {
            "hours": _("印在证书上；不填则不写学时"),
            "least_percent": _("0 表示到场即可。按签到、签退记录的在场时间计算"),
        }


class FindForm(forms.Form):
    """Which certificate is looked for."""

    q = forms.CharField(
        label=_("按姓名或编号查找"), max_length=60, widget=UnfoldAdminTextInputWidget()
    )


class RevokeForm(forms.Form):
    """Why a certificate is not valid any more."""

    reason = reason_field(_("会原文告知她本人，并记入办理记录"), label=_("撤销原因"))


class ReissueForm(forms.Form):
    """The name as it should stand, and why a new one is issued."""

    name = forms.CharField(
        label=_("证书上的姓名"), max_length=60, widget=UnfoldAdminTextInputWidget()
    )
    name_en = forms.CharField(
        label=_("英文姓名"),
        max_length=120,
        required=False,
        help_text=_("印在英文证书上，如 Wang Xiaomin"),
        widget=UnfoldAdminTextInputWidget(),
    )
    reason = reason_field(_("会原文告知她本人，如“姓名用字更正”"), label=_("换发原因"))


class RuleForm(OperationForm):
    """What follows from not coming, in numbers, and why."""

    reason = reason_field(_("写入办理记录，如“席位紧张，多次空席”"), label=_("为什么实行"))

    class Meta:
        model = NoShowRule
        fields = ("department", "absences", "months", "weeks", "days_before", "reason")

    def operate(self, stored, *, department, reason, by, now, **terms):
        """Switch it on."""
        return operations.set_no_show_rule(
            department=department, terms=terms, reason=reason, by=by, now=now
        )


class EndRuleForm(forms.Form):
    """Why a rule is ended."""

    reason = reason_field(_("写入办理记录"), label=_("停止的原因"))


class LiftForm(forms.Form):
    """Why a woman is not held back any longer."""

    reason = reason_field(_("写入办理记录，如“孩子住院，已电话说明”"), label=_("解除的原因"))
