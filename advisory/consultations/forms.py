"""Reading what a woman types about a consultation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from advisory.consultations.operations.answering import MOST_WORDS
from advisory.consultations.operations.closing import MOST_TEXT

NOTHING, SOMETHING = "no", "yes"


class DeclareForm(forms.Form):
    """Whether something stands between her and the matter."""

    declared = forms.TypedChoiceField(
        label=_("您与涉及的单位或事项有没有利害关系？"),
        choices=[
            (NOTHING, _("没有")),
            (SOMETHING, _("有，或者不确定")),
        ],
        coerce=lambda value: value == SOMETHING,
        widget=forms.RadioSelect,
        help_text=_(
            "例如在那里工作过、参股、有亲属任职、有合作项目。有关系不一定不能参加，由组织部门研究。"
        ),
        error_messages={"required": _("请选择有没有利害关系。")},
    )
    declared_words = forms.CharField(
        label=_("是什么关系"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("只有组织部门看得到，办结一年后删除。"),
    )


class OpinionForm(forms.Form):
    """One thing she says."""

    text = forms.CharField(
        label=_("您的意见"),
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("一条写一件事，便于逐条回应；可以写几条。"),
        error_messages={"required": _("请写下意见。")},
    )


class ChangedOpinionForm(OpinionForm):
    """The same, changed; emptied it is taken back."""

    text = forms.CharField(
        label=_("您的意见"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("清空后保存，就撤回这一条。"),
    )
