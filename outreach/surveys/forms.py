"""What a pupil chooses, and what a teacher counts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.choices.models import Sex
from outreach.requests.models import MOST_PUPILS
from outreach.surveys.models import ANSWERS, Drawn, Question


def _choice(label, choices):
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个。")},
    )


class AnswerForm(forms.Form):
    """One pupil's answers: nothing else is asked."""

    sex = forms.ChoiceField(
        label=_("你是"),
        choices=Sex.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个。")},
    )
    interest = _choice(Question.INTEREST.label, ANSWERS)
    ability = _choice(Question.ABILITY.label, ANSWERS)
    belonging = _choice(Question.BELONGING.label, ANSWERS)

    @property
    def values(self):
        """Return what the operation takes."""
        given = dict(self.cleaned_data)
        return {"sex": given.pop("sex"), "answers": given}


class CodeForm(forms.Form):
    """The class's code, typed."""

    code = forms.CharField(
        label=_("班级码"),
        max_length=20,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class CardsForm(forms.Form):
    """Raised cards and sorted drawings, counted: `groups` are the fields by question, girls and boys apart."""

    def __init__(self, *args, counts=None, drawings=None, **kwargs):
        """Add a field for each number, with what was counted before."""
        super().__init__(*args, **kwargs)
        for sex in Sex:
            for question in Question:
                for number, words in ANSWERS:
                    cell = (sex.value, question.value, number)
                    self._add(cell, words, (counts or {}).get(cell))
            for drawn in Drawn:
                cell = (sex.value, drawn.value)
                self._add(cell, drawn.label, (drawings or {}).get(cell))

    def _add(self, cell, words, before):
        self.fields[_name(cell)] = forms.IntegerField(
            label=words,
            min_value=0,
            max_value=MOST_PUPILS,
            required=False,
            initial=before,
            widget=forms.NumberInput({"inputmode": "numeric"}),
        )

    @property
    def groups(self):
        """Return [(words, bound fields)]."""
        found = []
        for question in Question:
            for sex in Sex:
                cells = [(sex.value, question.value, number) for number, _words in ANSWERS]
                found.append((f"{question.label} {sex.label}", [self[_name(c)] for c in cells]))
        for sex in Sex:
            cells = [(sex.value, drawn.value) for drawn in Drawn]
            words = _("画一个科学家（选做）")
            found.append((f"{words} {sex.label}", [self[_name(c)] for c in cells]))
        return found

    @property
    def values(self):
        """Return what the operation takes."""
        given = {tuple(name.split("-")): n or 0 for name, n in self.cleaned_data.items()}
        return {
            "counts": {(s, q, int(a[0])): n for (s, q, *a), n in given.items() if a},
            "drawings": {cell: n for cell, n in given.items() if len(cell) == 2},
        }


def _name(cell):
    return "-".join(map(str, cell))
