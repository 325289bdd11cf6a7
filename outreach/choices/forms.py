"""What a school types: a year and 24 numbers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.choices.models import CELLS, MOST, First, Sex
from outreach.choices.shown import pair_words


def _name(cell):
    return "-".join(cell)


class ChoicesForm(forms.Form):
    """The counts of a year; `groups` are the fields by girls and boys, physics and history."""

    year = forms.IntegerField(label=_("高考年份"), help_text=_("这一届学生哪一年参加高考，如 2028"))

    def __init__(self, *args, counts=None, **kwargs):
        """Add a field for each cell, with what was counted before."""
        super().__init__(*args, **kwargs)
        self.fields["year"].disabled = counts is not None
        for cell in CELLS:
            self.fields[_name(cell)] = forms.IntegerField(
                label=pair_words(cell[2]),
                min_value=0,
                max_value=MOST,
                initial=(counts or {}).get(cell, 0),
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )

    @property
    def groups(self):
        """Return [(words, bound fields)]."""
        return [
            (
                f"{sex.label} · {first.label}",
                [self[_name(cell)] for cell in CELLS if cell[:2] == (sex.value, first.value)],
            )
            for sex in Sex
            for first in First
        ]

    @property
    def values(self):
        """Return what the operation takes."""
        counts = {cell: self.cleaned_data[_name(cell)] for cell in CELLS}
        return {"year": self.cleaned_data["year"], "counts": counts}
