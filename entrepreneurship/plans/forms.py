"""Reading what was typed."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LinkForm(forms.Form):
    """Which venture she was selected with."""

    venture = forms.ModelChoiceField(
        label=_("创业项目"),
        queryset=None,
        required=False,
        empty_label=_("不关联"),
        error_messages={"invalid_choice": _("只能选本人已确认为创始人的创业项目。")},
    )

    def __init__(self, data=None, *, ventures, initial=None, widget=None):
        """`ventures` are those that may stand for her."""
        super().__init__(data, initial={"venture": initial})
        self.fields["venture"].queryset = ventures
        if widget:
            self.fields["venture"].widget = widget
            widget.choices = self.fields["venture"].choices
