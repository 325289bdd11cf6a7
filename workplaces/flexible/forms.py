"""What a unit's contact types about its flexible work; what the public list is narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talents.codes import Discipline
from workplaces.flexible import operations
from workplaces.flexible.models import FlexibleOffer, Kind


class OfferForm(forms.ModelForm):
    """An offer as its unit states it."""

    class Meta:
        model = FlexibleOffer
        fields = operations.FIELDS
        widgets = {
            name: forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            for name in ("valid_from", "valid_until")
        }

    def validate_constraints(self):
        """Leave it to the operation, whose sentences say what to do."""


class ReasonForm(forms.Form):
    """Why an offer is withdrawn."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        help_text=_("只有本单位和主管部门看得到。"),
        error_messages={"required": _("请写明为什么撤下。")},
    )


class SearchForm(forms.Form):
    """What the public list is narrowed by; streets are those offers stand in."""

    q = forms.CharField(label=_("岗位或单位"), max_length=40, required=False)
    kind = forms.ChoiceField(
        label=_("种类"), choices=[("", _("不限")), *Kind.choices], required=False
    )
    field = forms.ChoiceField(
        label=_("学科"), choices=[("", _("不限")), *Discipline.choices], required=False
    )
    place = forms.ChoiceField(label=_("所在街道"), required=False)

    def __init__(self, *args, streets=(), **kwargs):
        """Offer the streets there are."""
        super().__init__(*args, **kwargs)
        anywhere = ("", pgettext_lazy("place", "不限"))
        self.fields["place"].choices = [anywhere, *((one, one) for one in streets)]
