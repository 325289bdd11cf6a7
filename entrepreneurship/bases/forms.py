"""Reading what is asked of bases and answered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepreneurship.bases.models import DeclineReason, Helped
from entrepreneurship.ventures.models import Venture


def _text(label, missing, **more):
    return forms.CharField(
        label=label,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": missing},
        **more,
    )


class AskForm(forms.Form):
    """What she asks a base for."""

    words = _text(
        _("想请基地做什么"),
        _("请写明想请基地做什么。"),
        help_text=_("写清楚要什么、什么时候要；不要写身份证号和健康情况。"),
    )
    contact = forms.CharField(
        label=_("怎样联系您"),
        max_length=100,
        help_text=_("手机或邮箱，只给受理人看"),
        error_messages={"required": _("请写明怎样联系您。")},
    )
    venture = forms.ModelChoiceField(
        label=_("为哪个创业项目"), queryset=None, required=False, empty_label=_("不为具体项目")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["venture"].queryset = Venture.objects.of_woman(user).running()


class ReopenForm(forms.Form):
    """What else is needed."""

    words = _text(_("还需要什么"), _("请写明还需要什么。"))


class HelpedForm(forms.Form):
    """Whether it helped."""

    helped = forms.ChoiceField(
        label=_("帮上了吗"),
        choices=Helped,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择帮上了没有。")},
    )
    words = forms.CharField(
        label=_("想说的话"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3})
    )


class AnswerForm(forms.Form):
    """What the owner answers."""

    answer = _text(_("答复"), _("请写下答复。"))


class DeclineForm(forms.Form):
    """Why it cannot be done."""

    reason = forms.ChoiceField(
        label=_("没能办理的原因"),
        choices=DeclineReason,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择没能办理的原因。")},
    )
    answer = forms.CharField(
        label=_("补充说明"),
        max_length=1000,
        required=False,
        help_text=_("如可以找谁、什么时候再来"),
        widget=forms.Textarea({"rows": 3}),
    )
