"""What the admin's pages of all themes share: fields, and forms about an association of one's department."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from kernel.admin.forms import OperationForm
from networks.associations.models import Association
from talents.models import Talent


def text_field(label, limit=120, **more):
    """Return a field of one line."""
    widget = UnfoldAdminTextInputWidget({"autocomplete": "off"})
    return forms.CharField(label=label, max_length=limit, widget=widget, **more)


def day_field(label, **more):
    """Return a field for a date."""
    return forms.DateField(label=label, widget=UnfoldAdminSingleDateWidget, **more)


def number_field(label, least=1, **more):
    """Return a field for a whole number."""
    widget = UnfoldAdminIntegerFieldWidget
    return forms.IntegerField(label=label, min_value=least, widget=widget, **more)


def choice_field(label, choices, **more):
    """Return a field that chooses one of a list."""
    return forms.ChoiceField(label=label, choices=choices, widget=UnfoldAdminSelectWidget, **more)


def row_field(label, rows, **more):
    """Return a field that chooses one of the rows of a queryset."""
    widget = UnfoldAdminSelectWidget
    return forms.ModelChoiceField(label=label, queryset=rows, widget=widget, **more)


def talent_field(**more):
    """Return the field for a woman's number in the database; `find_talent` reads it."""
    return text_field(_("人才编号"), 20, help_text=_("在“人才库”里查"), **more)


def find_talent(code):
    """Return the Talent of a typed number, None for nothing typed. Raises ValidationError where there is none."""
    if not (code := code.strip().upper()):
        return None
    if (talent := Talent.objects.verified().filter(code=code).first()) is None:
        raise forms.ValidationError(_("没有这个人才编号，请在“人才库”里核对。"))
    return talent


class AssociationRowForm(OperationForm):
    """A form about a row of an association: a new one is of those the reader's department looks after."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "association" in self.fields:
            rows = Association.objects.standing().kept_by(self.by)
            self.fields["association"].queryset = rows.order_by("name")
