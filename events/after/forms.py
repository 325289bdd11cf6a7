"""Forms of what follows an event."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import WORDS_LENGTH, Score
from kernel.admin.forms import reason_field


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
