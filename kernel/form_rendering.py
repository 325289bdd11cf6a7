"""Options and tick boxes of forms, written by Python as Django's templates would write them.

A list of the admin holds some 150 options and 25 tick boxes, and Django renders two templates for each of them: a fifth
of the page. Everything around them is rendered by its template.
"""

from django.forms.renderers import DjangoTemplates
from django.template.base import render_value_in_context
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

OPTION = "django/forms/widgets/select_option.html"
CHECKBOX = "django/forms/widgets/checkbox.html"


class QuickRenderer(DjangoTemplates):
    """Django's renderer, with a shorter way for what pages hold many of."""

    def render(self, template_name, context, request=None):
        """Return a template rendered."""
        widget = context.get("widget", {})
        if template_name == CHECKBOX:
            return mark_safe(_input(widget))  # noqa: S308 (each piece is escaped)
        for _group, options, _index in widget.get("optgroups", ()):
            for option in options:
                if option["template_name"] == OPTION:
                    option["template_name"] = QuickOption()
        return super().render(template_name, context, request)


class QuickOption:
    """What a select box includes for an option, instead of the template."""

    def render(self, context):
        """Return the option the select box has come to."""
        widget = context["widget"]
        label = render_value_in_context(widget["label"], context)
        value, attributes = _text(widget["value"]), _attributes(widget["attrs"])
        return mark_safe(f'<option value="{value}"{attributes}>{label}</option>\n')  # noqa: S308


def _input(widget):
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    named = f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"'
    return f"{named}{value}{_attributes(widget['attrs'])}>"


def _attributes(attributes):
    """Return attributes as " name=value name": True stands alone, False is left out."""
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _text(value):
    """Return a value as the templates' `stringformat:'s'` does, escaped."""
    return conditional_escape(str(value))
