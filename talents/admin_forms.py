"""What a clerk fills in when she decides on a record."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from accounts.models import Department
from talents.models import Tier


class VerifyForm(forms.Form):
    """What a clerk decides when she takes a record in."""

    tier = forms.ChoiceField(
        label=_("人才层次"),
        required=False,
        choices=[("", _("暂不分层")), *Tier.choices],
        widget=widgets.UnfoldAdminSelectWidget,
    )


COMMON_REASONS = (
    _("请补充职称证书上的职称全称"),
    _("单位名称请写全称，与单位公章一致"),
    _("姓名与身份证号不一致，请核对"),
    _("请补充最高学历和毕业院校"),
    _("请补充主要研究方向"),
)


class ReturnForm(forms.Form):
    """What is missing, in words the woman will read."""

    common = forms.MultipleChoiceField(
        label=_("常用原因"),
        required=False,
        choices=[(str(i), reason) for i, reason in enumerate(COMMON_REASONS)],
        widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget,
    )
    reason = forms.CharField(
        label=_("需要补充什么"),
        required=False,
        max_length=200,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 3}),
        help_text=_("本人会在站内和短信里读到这句话。"),
    )

    def clean(self):
        """Join the chosen reasons and her own words to one text."""
        data = super().clean()
        chosen = [str(COMMON_REASONS[int(i)]) for i in data.pop("common", [])]
        written = re.sub(r"[。；;]+$", "", data.get("reason", "").strip())
        return data | {"reason": "；".join(filter(None, [*chosen, written]))}


class HandOverForm(forms.Form):
    """Which department takes the record over."""

    department = forms.ModelChoiceField(
        Department.objects.order_by("order"),
        label=_("转给哪个部门"),
        empty_label=_("请选择"),
        widget=widgets.UnfoldAdminSelectWidget,
        error_messages={"required": _("请选择接收部门。")},
    )
