"""Options and tick boxes are what Django's templates would write, byte for byte."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from kernel.form_rendering import QuickRenderer

CHOICES = [
    ("", "---------"),
    ("a&b", 'A & "B" <i>'),
    ("1", 1000),
    (2, _("已入库")),
    (None, format_html("<b>{}</b>", "粗 & 体")),
    ("组", [("x", "X"), ("y'", "Y")]),
]
ATTRIBUTES = {"id": "id_x", "required": True, "hidden": False, "data-a": '"&<', "title": _("状态")}


@pytest.mark.parametrize("value", ["", "1", 2, "y'", "a&b", None, ["x", "1"]])
@pytest.mark.parametrize(
    "widget",
    [
        forms.Select(choices=CHOICES),
        forms.SelectMultiple(choices=CHOICES),
        forms.RadioSelect(choices=CHOICES),
        forms.CheckboxSelectMultiple(choices=CHOICES),
        widgets.UnfoldAdminSelectWidget(choices=CHOICES),
        forms.CheckboxInput(),
        forms.CheckboxInput({"class": "action-select", "aria-label": "选择 <1>"}, lambda v: False),
        forms.TextInput(),
    ],
    ids=lambda widget: type(widget).__name__,
)
def test_widgets_read_as_their_templates_write_them(widget, value):
    given = "a,b" if isinstance(value, list) and isinstance(widget, forms.TextInput) else value
    quick = widget.render("name<", given, ATTRIBUTES, QuickRenderer())
    assert quick == widget.render("name<", given, ATTRIBUTES, DjangoTemplates())


def test_forms_are_rendered_that_way():
    assert type(get_default_renderer()) is QuickRenderer
