"""Reading what is typed about profiles."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepreneurship.transfer.models import (
    DeclineReason,
    EndReason,
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
        label=_("要怎样修改"),
        max_length=200,
        help_text=_("本人会看到。不能公开的，写明为什么。"),
        widget=forms.Textarea({"rows": 3}),
    )


def _reach_field():
    return forms.CharField(
        label=_("在境外的联系邮箱（在境外时填写）"),
        max_length=100,
        required=False,
        help_text=_("对方同意前就会看到，法律要求写明；可以用机构的公共邮箱。"),
    )


class InterestForm(forms.Form):
    """What somebody says who is interested; `choices` of the form are what the profile would take."""

    words = forms.CharField(
        label=_("想怎样合作"),
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("说说您的用途、规模和时间。不要写电话：双方同意以后，系统才互相给联系方式。"),
    )
    form = forms.ChoiceField(label=_("合作方式"))
    abroad = forms.CharField(
        label=_("所在国家或地区（在境外时填写）"),
        max_length=60,
        required=False,
        help_text=_("在境外（含港澳台）时必须填写，对方要单独同意才会提供联系方式。"),
    )
    reach = _reach_field()

    def __init__(self, *args, profile, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = [(form, TransferForm(form).label) for form in profile.forms]


class ContactForm(forms.Form):
    """A contact, with the agreement to its being shown to the other side, and to its going abroad where it would."""

    contact = forms.CharField(
        label=_("愿意告诉对方的联系方式"),
        max_length=100,
        help_text=_("双方都同意以后，只有对方和技术经理人看得到。"),
    )
    abroad = forms.CharField(
        label=_("我方所在国家或地区（在境外时填写）"), max_length=60, required=False
    )
    reach = _reach_field()
    agrees = forms.BooleanField(required=False)
    agrees_abroad = forms.BooleanField(required=False)

    def __init__(self, *args, other, other_abroad, other_reach, asks_where, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agrees"].label = _(
            "同意把上面的联系方式提供给%(other)s，只用于洽谈这项合作。可以在“个人信息授权”里撤回。"
        ) % {"other": other}
        if other_abroad:
            self.fields["agrees_abroad"].label = _(
                "单独同意提供到境外：接收方%(other)s，所在地%(where)s，联系邮箱 %(reach)s；"
                "用于洽谈这项合作，处理方式是查看、保存和联系您；提供姓名和上面的联系方式。"
                "要查阅、更正、删除，写信到这个邮箱提出，也可以请技术经理人转达。"
            ) % {"other": other, "where": other_abroad, "reach": other_reach}
        else:
            del self.fields["agrees_abroad"]
        if not asks_where:
            del self.fields["abroad"], self.fields["reach"]


class DeclineForm(forms.Form):
    """Why it is declined."""

    reason = forms.ChoiceField(label=_("原因"), choices=[("", _("请选择")), *DeclineReason.choices])


class EndForm(forms.Form):
    """Why it comes to an end."""

    reason = forms.ChoiceField(label=_("原因"), choices=[("", _("请选择")), *EndReason.choices])
