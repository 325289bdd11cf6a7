"""What a unit's contact types about its nurseries."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workplaces.childcare import operations
from workplaces.childcare.models import Band, Nursery, NurseryClass


class NurseryForm(forms.ModelForm):
    """A nursery as its unit states it."""

    class Meta:
        model = Nursery
        fields = operations.NURSERY_FIELDS
        widgets = {"registered_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}

    def validate_constraints(self):
        """Leave it to the operation, which says what to do about the entry that is there already."""


class ClassForm(forms.ModelForm):
    """A class as its unit states it."""

    class Meta:
        model = NurseryClass
        fields = operations.CLASS_FIELDS

    def validate_constraints(self):
        """Leave it to the operation."""


class FreeForm(forms.Form):
    """How many places are free today."""

    free = forms.IntegerField(
        label=_("今天空余托位"),
        min_value=0,
        max_value=999,
        error_messages={"required": _("请填写空余几个，没有就填 0。")},
    )


class SearchForm(forms.Form):
    """What the public list is narrowed by."""

    q = forms.CharField(label=_("名称或街道"), max_length=40, required=False)
    band = forms.ChoiceField(
        label=_("班型"), choices=[("", _("不限")), *Band.choices], required=False
    )
    subsidised = forms.BooleanField(label=_("只看有补贴的"), required=False)
    free = forms.BooleanField(label=_("只看 30 天内说有空余的"), required=False)
