"""What the style guide page shows: every token by name and a form in all its states."""

from django import forms
from django.utils.translation import gettext_lazy as _

SCALES = (
    ("jialing", _("嘉陵绿：导航与主要操作")),
    ("yangtze", _("长江赭：积分、荣誉与重点")),
    ("camellia", _("山茶红：少数需要注意的事")),
    ("ink", _("墨：文字与线条")),
)
SHADES = (50, 100, 200, 300, 400, 500, 600, 700, 800, 900)
TYPE = ("3xl", "2xl", "xl", "l", "m", "s", "xs")
SPACES = range(1, 9)


class SampleForm(forms.Form):
    """One field of every kind the portal uses."""

    name = forms.CharField(label=_("姓名"), help_text=_("与身份证上的一致。"))
    phone = forms.RegexField(
        r"^1\d{10}$",
        label=_("手机号"),
        error_messages={"invalid": _("手机号是 11 位数字，请检查是否少了一位。")},
    )
    title = forms.ChoiceField(
        label=_("职称"), choices=[("", _("请选择")), ("a", _("正高级")), ("b", _("副高级"))]
    )
    note = forms.CharField(
        label=_("研究方向"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    way = forms.ChoiceField(
        label=_("怎样通知您"),
        choices=[("sms", _("短信")), ("mail", _("邮件"))],
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(label=_("同意所属部门查看我的档案，用于审核。"))


def sample(prefix):
    """Return the form as it comes back with one wrong value, its fields named by `prefix`."""
    values = {"name": "王敏", "phone": "1400000123", "title": "b", "way": "sms", "consent": "on"}
    return SampleForm({f"{prefix}-{k}": v for k, v in values.items()}, prefix=prefix)
