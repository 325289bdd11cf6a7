"""Reading what reviewers type."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from calls.models import DECLARABLE, HARD
from calls.operations.judging import LONGEST

NONE = "none"


def kinds():
    """Return what may be declared, what blocks said with it."""
    return [
        (kind.value, _("%(kind)s（须回避）") % {"kind": kind.label} if kind in HARD else kind.label)
        for kind in DECLARABLE
    ]


class DeclarationForm(forms.Form):
    """What stands between her and each applicant; of a blind review her word alone."""

    word = forms.BooleanField(
        label=gettext_lazy("我声明如实说明利害关系，独立评分，不外传材料和评分"),
        error_messages={"required": gettext_lazy("请先确认这项声明。")},
    )

    def __init__(self, data=None, *, sheets, is_blind):
        """`sheets` are those she has not declared yet, with whose they are unless the review is blind."""
        super().__init__(data)
        self.sheets = [] if is_blind else sheets
        choices = [("", _("请选择")), (NONE, _("没有利害关系")), *kinds()]
        word = self.fields.pop("word")
        for sheet in self.sheets:
            talent = sheet.candidate.application.talent
            name = "，".join(filter(None, [talent.full_name, talent.unit_name]))
            self.fields[f"kind_{sheet.pk}"] = forms.ChoiceField(
                label=f"{sheet.candidate.label} · {name}",
                choices=choices,
                error_messages={"required": _("请选择有没有利害关系。")},
            )
            self.fields[f"note_{sheet.pk}"] = forms.CharField(
                label=_("%(label)s 的说明") % {"label": sheet.candidate.label},
                max_length=200,
                required=False,
            )
        self.fields["word"] = word

    def answers(self):
        """Return {sheet's number: (kind, "" for none; note)} of a valid form."""
        given = self.cleaned_data
        return {
            sheet.pk: (
                given[f"kind_{sheet.pk}"].replace(NONE, ""),
                given[f"note_{sheet.pk}"],
            )
            for sheet in self.sheets
        }


class RecognisedForm(forms.Form):
    """Whom she recognised, and what stands between them."""

    kind = forms.ChoiceField(label=gettext_lazy("您与申报人的关系"))
    note = forms.CharField(label=pgettext_lazy("relation", "说明"), max_length=200, required=False)

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["kind"].choices = [("", _("请选择")), *kinds()]


class ScoreForm(forms.Form):
    """A sheet: points and a comment for each criterion. Nothing is required here: she saves what she has."""

    def __init__(self, data=None, *, criteria, kept):
        """`kept` is {criterion's number: Score}."""
        self.criteria = criteria
        start = {}
        for one in criteria:
            if row := kept.get(one.pk):
                start |= {one.key: _plain(row.value), one.comment_key: row.comment or ""}
        super().__init__(data, initial=start)
        for one in criteria:
            self.fields[one.key] = _points(one)
            self.fields[one.key].is_asked = True  # before she hands in
            self.fields[one.comment_key] = forms.CharField(
                label=_("“%(name)s”的评语") % {"name": one.label},
                max_length=LONGEST,
                required=False,
                widget=forms.Textarea({"rows": 2}),
            )

    def scores(self):
        """Return {criterion's number: (points or None, comment)}; of what is not valid nothing."""
        given = self.cleaned_data
        return {
            one.pk: (given[one.key], given[one.comment_key])
            for one in self.criteria
            if one.key in given and one.comment_key in given
        }


def _plain(value):
    return "" if value is None else format(value.normalize(), "f")


def _points(one):
    help_text = _("0 到 %(most)s 分，权重 %(weight)s") % {"most": one.most, "weight": one.weight}
    refused = _("“%(name)s”请填 0 到 %(most)s 之间的分数。") % {"name": one.label, "most": one.most}
    return forms.DecimalField(
        label=one.label,
        required=False,
        min_value=0,
        max_value=one.most,
        max_digits=4,
        decimal_places=1,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=" · ".join(filter(None, [one.help, help_text])),
        error_messages={
            "min_value": refused,
            "max_value": refused,
            "invalid": refused,
            "max_digits": refused,
            "max_whole_digits": refused,
            "max_decimal_places": _("分数最多一位小数。"),
        },
    )
