"""Reading what is typed about profiles."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepreneurship.transfer.models import (
    Readiness,
    RightsKind,
    TransferForm,
    TransferKind,
)
from talents.codes import Discipline

ORDER = (
    "title",
    "problem",
    "advantage",
    "keywords",
    "field",
    "readiness",
    "forms",
    "rights_kind",
    "application_number",
    "is_service",
    "is_abroad",
)
BETWEEN = re.compile(r"[,，、;；\n]+")


class KeywordsField(forms.CharField):
    """Keywords with commas between them, as a list."""

    def clean(self, value):
        """Return the words."""
        text = super().clean(value)
        return [word.strip() for word in BETWEEN.split(text) if word.strip()]

    def prepare_value(self, value):
        """Show a list as it is typed."""
        return "，".join(value) if isinstance(value, list | tuple) else value


def _forms_field():
    return forms.MultipleChoiceField(
        label=_("愿意怎样合作"), choices=TransferForm.choices, widget=forms.CheckboxSelectMultiple
    )


def _right_fields():
    return {
        "rights_kind": forms.ChoiceField(
            label=_("权利情况"), choices=[("", _("请选择")), *RightsKind.choices]
        ),
        "application_number": forms.CharField(
            label=_("专利申请号"),
            max_length=20,
            required=False,
            help_text=_("受理通知书上的 13 位号码，如 201710601862.3。"),
        ),
        "is_service": forms.BooleanField(
            label=_("这是职务成果"),
            required=False,
            help_text=_("执行单位任务，或主要利用单位条件完成的。公开前须经单位同意。"),
        ),
    }


class ProfileForm(forms.Form):
    """The words of a profile; `kind` decides which fields there are."""

    title = forms.CharField(
        label=_("名称"), max_length=60, help_text=_("如“晶圆边缘缺陷的在线检测”。")
    )
    problem = forms.CharField(
        label=_("解决什么问题"),
        max_length=1000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("用同行能懂的话写，不写不能公开的技术细节。"),
    )
    advantage = forms.CharField(
        label=_("优势，用数字说"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("如“漏检率从 3% 降到 0.4%，每片检测 2 秒”。"),
    )
    field = forms.ChoiceField(label=_("领域"), choices=[("", _("请选择")), *Discipline.choices])
    readiness = forms.TypedChoiceField(
        label=_("技术就绪水平"),
        coerce=int,
        choices=[("", _("请选择")), *Readiness.choices],
        help_text=_("按 GB/T 22900-2022 的九级。"),
    )
    keywords = KeywordsField(
        label=_("关键词"),
        max_length=200,
        help_text=_("一到八个，用逗号隔开。供需匹配主要看这些词。"),
    )
    is_abroad = forms.BooleanField(
        label=_("我方在境外（含港澳台）"),
        required=False,
        help_text=_("对方把联系方式给您之前，须单独同意向境外提供。"),
    )

    def __init__(self, *args, kind, of_unit=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["forms"] = _forms_field()
        if kind == TransferKind.OFFER:
            self.fields |= _right_fields()
        if of_unit:
            self.fields.pop("is_service", None)
        self.order_fields(ORDER)
        if kind == TransferKind.NEED:
            self.fields["problem"].label = _("需要解决什么问题")
            self.fields["advantage"].label = _("希望达到的指标")
            self.fields["readiness"].label = _("要求的技术就绪水平，不低于")


class BeginForm(forms.Form):
    """Which kind of profile, and in whose name."""

    kind = forms.ChoiceField(label=_("类别"), choices=TransferKind.choices)


class SubmitForm(forms.Form):
    """What she affirms before it goes to be checked."""

    affirmed = forms.BooleanField(
        label=_(
            "我声明：内容不涉及国家秘密，不涉及《中国禁止出口限制出口技术目录》里的技术，也没有别人的商业秘密。"
        ),
        required=False,
    )
    novelty = forms.BooleanField(
        label=_("我知道：公开以后再申请专利，会因丧失新颖性被驳回（专利法第二十二条）。"),
        required=False,
    )

    def __init__(self, *args, version, **kwargs):
        super().__init__(*args, **kwargs)
        if not version.is_unfiled:
            del self.fields["novelty"]


class WishForm(forms.Form):
    """What would have to be changed."""

    wish = forms.CharField(
        label=_("要怎样修改"), max_length=200, widget=forms.Textarea({"rows": 3})
    )
