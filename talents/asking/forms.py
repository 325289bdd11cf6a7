"""Reading what she says about being asked."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from privacy.purposes import purposes
from talents.asking.models import HIGHEST_MOST, kinds
from talents.asking.rules import ASKING


def _times():
    return [(n, ngettext("%(n)s 次", "%(n)s 次", n) % {"n": n}) for n in range(1, HIGHEST_MOST + 1)]


class WishForm(forms.Form):
    """What she may be asked for, how often, from when on, and by whom."""

    chosen = forms.MultipleChoiceField(
        label=_("可以邀请我"), required=False, widget=forms.CheckboxSelectMultiple
    )
    most_a_quarter = forms.TypedChoiceField(
        label=_("每季度最多"),
        coerce=int,
        help_text=_("所有部门合在一起算；没有答应的也算。"),
    )
    not_before = forms.DateField(
        label=_("这天以前不要邀请我"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("请填写日期，例如 2026-12-01。")},
        help_text=_("不填就随时可以。"),
    )
    others = forms.BooleanField(required=False)

    def __init__(self, *args, **kwargs):
        """Offer what the apps ask for, and say what agreeing to other departments means."""
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(code, kind.words) for code, kind in kinds().items()]
        self.fields["most_a_quarter"].choices = _times()
        purpose = purposes()[ASKING]
        self.fields["others"].label = purpose.label
        self.fields["others"].help_text = purpose.data
