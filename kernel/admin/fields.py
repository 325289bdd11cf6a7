"""Fields of the forms on pages of the admin's own, with unfold's widgets."""

from django import forms
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)


def line_field(label, limit=120, **more):
    """Return a field of one line."""
    widget = UnfoldAdminTextInputWidget({"autocomplete": "off"})
    return forms.CharField(label=label, max_length=limit, widget=widget, **more)


def text_field(label, limit, rows=6, **more):
    """Return a field of several lines."""
    widget = UnfoldAdminTextareaWidget({"rows": rows})
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


def radio_field(label, choices, **more):
    """Return a field that chooses one of a few, all of them in sight."""
    widget = UnfoldAdminRadioSelectWidget
    return forms.ChoiceField(label=label, choices=choices, widget=widget, **more)


def row_field(label, rows, **more):
    """Return a field that chooses one of the rows of a queryset."""
    widget = UnfoldAdminSelectWidget
    return forms.ModelChoiceField(label=label, queryset=rows, widget=widget, **more)


def tick_field(label, **more):
    """Return a field to tick or not."""
    return forms.BooleanField(label=label, required=False, widget=UnfoldBooleanWidget, **more)
