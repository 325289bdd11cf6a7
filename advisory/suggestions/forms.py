"""Reading what a woman types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from advisory.suggestions.models import Named, Verdict
from advisory.suggestions.rules.writing import MOST_PEN, MOST_TEXT, MOST_TITLE

NAMED = [
    (Named.OWN, _("实名：工作人员和公开页面都显示姓名")),
    (Named.PEN, _("笔名：都只显示笔名，工作人员也不知道是谁")),
    (Named.NAMELESS, _("匿名：都不显示，工作人员也不知道是谁")),
]


class SuggestionForm(forms.Form):
    """One matter, in three steps on one page. Anything may be missing while it is a draft."""

    title = forms.CharField(
        label=_("题目"),
        max_length=MOST_TITLE,
        required=False,
        help_text=_("一句话说清建议做什么"),
    )
    matter = forms.CharField(
        label=_("情况和问题"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("现在是什么情况，给谁带来什么不便。请不要写他人的姓名和隐私。"),
    )
    proposal = forms.CharField(
        label=_("建议"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("建议谁来做、怎样做。"),
    )
    named = forms.ChoiceField(
        label=_("怎样署名"), choices=NAMED, initial=Named.OWN, widget=forms.RadioSelect
    )
    pen_name = forms.CharField(
        label=_("笔名"), max_length=MOST_PEN, required=False, help_text=_("选笔名的请填")
    )
    not_personal = forms.BooleanField(label=_("这不是为我自己的事"), required=False)

    # Looked for as she types, by the page's own part (htmx); without JavaScript there is a button.
    LOOKS = ("title", "matter")

    def __init__(self, *args, similar="", **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.LOOKS if similar else ():
            self.fields[name].widget.attrs |= {
                "hx-post": similar,
                "hx-trigger": "input changed delay:600ms",
                "hx-target": "#similar",
                "hx-include": "closest form",
                "hx-sync": "closest form:replace",
            }

    @classmethod
    def start(cls, suggestion):
        """Return the initial values of a draft."""
        pen = suggestion.signed_as if suggestion.named == Named.PEN else ""
        return {
            "title": suggestion.title or "",
            "matter": suggestion.matter or "",
            "proposal": suggestion.proposal or "",
            "named": suggestion.named,
            "pen_name": pen or "",
        }


class CosignForm(forms.Form):
    """Whether staff read her name."""

    named = forms.BooleanField(label=_("让工作人员看到我的姓名"), required=False)


class RatingForm(forms.Form):
    """What she thinks of a reply."""

    verdict = forms.ChoiceField(
        label=_("您满意吗？"),
        choices=Verdict,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择一项。")},
    )
    words = forms.CharField(
        label=_("说明"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("不满意的请写明哪里不满意：会由另一位同事重新办理，只有一次。"),
    )


class ContestForm(forms.Form):
    """What is not so."""

    words = forms.CharField(
        label=_("哪里与事实不符"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("只能提一次，由牵头部门核实后答复您。"),
        error_messages={"required": _("请写明哪里与事实不符。")},
    )
