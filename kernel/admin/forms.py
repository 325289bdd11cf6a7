"""Forms of the admin that are saved by an operation."""

import json
from datetime import UTC, datetime

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MinValueValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from kernel.admin.base import StaffAdmin
from kernel.errors import DomainError
from kernel.one_line import why_not_one_line
from kernel.words import moment_text

SHOWN = "shown"


class OperationForm(forms.ModelForm):
    """A form whose writing is done by an operation; its refusals become form errors.

    What the fields and the model can check for themselves comes first. Then `_post_clean` runs the
    operation in a savepoint, so what is refused is undone as a whole and shown at its field with
    everything that was typed. OperationAdmin sets `by`.

    The page carries the values it showed. What a colleague changed meanwhile stays where the reader left
    it alone; where both changed the same field, she is told and decides. What is stored is compared with the
    row locked, so of two who save at once the second meets what the first has saved.
    """

    by = None

    def __init__(self, data=None, *args, instance=None, **kwargs):
        """Lock the row that comes back changed: here, because subclasses read more of it when they begin."""
        if data is not None and instance is not None:
            instance = self._locked(instance)
        super().__init__(data, *args, instance=instance, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.IntegerField):
                _ask_least(field, self._meta.model, name)

    @staticmethod
    def _locked(instance):
        """Return the row as it stands now, locked until the admin's transaction ends."""
        rows = type(instance)._default_manager.select_for_update(of=("self",), no_key=True)
        return rows.get(pk=instance.pk)

    def full_clean(self):
        """Take up what others changed since the page was shown, then check."""
        self.overtaken = self._heed_others() if self.is_bound and self.instance.pk else []
        super().full_clean()

    @property
    def shown(self):
        """Return the values the page shows of the stored row, as JSON; it brings them back."""
        return json.dumps(self._values(), cls=DjangoJSONEncoder)

    def _values(self):
        """Return {field: stored value} in plain JSON values."""
        return {name: self._plain(name, self[name].initial) for name in self.fields}

    def _plain(self, name, value):
        value = self.fields[name].prepare_value(value)
        if isinstance(value, datetime):
            value = value.astimezone(UTC).isoformat()
        if isinstance(value, str):
            value = "\n".join(value.splitlines()).strip()
        return json.loads(json.dumps(value or None, cls=DjangoJSONEncoder, default=str))

    def _typed(self, name):
        """Return what came back in a field, as `_plain` says it; the raw text where it is not sound."""
        raw = self[name].data
        try:
            return self._plain(name, self.fields[name].clean(raw))
        except forms.ValidationError:
            return raw

    def _heed_others(self):
        """Fill untouched fields with what is stored now; return the names of those both have changed."""
        overtaken, now = [], self._values()
        for name, before in self._shown_then().items():
            if name not in now or now[name] == before:
                continue
            typed = self._typed(name)
            if typed == before:
                self._put(name)
            elif typed != now[name]:
                overtaken.append(name)
        return overtaken

    def _shown_then(self):
        try:
            values = json.loads(self.data.get(SHOWN, "{}"))
        except ValueError:
            return {}
        return values if isinstance(values, dict) else {}

    def _put(self, name):
        """Write the stored value of a field into the data, as its widget would send it."""
        data, bound = self.data.copy(), self[name]
        value = bound.field.prepare_value(bound.initial)
        widget = bound.field.widget
        if isinstance(widget, forms.MultiWidget):
            parts = zip(widget.widgets_names, widget.decompress(value), strict=True)
            data.update({bound.html_name + part: _sent(one) for part, one in parts})
        elif isinstance(value, list | tuple):
            data.setlist(bound.html_name, [_sent(one) for one in value])
        else:
            data[bound.html_name] = _sent(value)
        self.data = data

    def operate(self, stored, *, by, now, **cleaned):
        """Call the operation with the fields' values; returns the saved instance.

        `stored` is the row as it stands in the database (None: it is added): the form's own instance
        has been filled with what was typed.
        """
        raise NotImplementedError

    def validate_unique(self):
        """Leave it to the operation, which says what to do about the row that is there already."""

    def _clean_fields(self):
        """Refuse what no browser sends from a field of one line: titles end in mails and calendar files."""
        super()._clean_fields()
        for name, field in self.fields.items():
            error = _is_one_line(field) and why_not_one_line(
                self.cleaned_data.get(name), field=name
            )
            if error:
                error.add_to(self)
        for name, typed in self.cleaned_data.items():
            stored = self[name].initial
            if isinstance(stored, str) and stored.replace("\r\n", "\n") == typed:
                self.cleaned_data[name] = stored  # kept before breaks were one character: untouched

    def _post_clean(self):
        super()._post_clean()
        for name in self.overtaken:
            sentence = _("您打开之后，这一项已由他人改为“%(value)s”。仍要用您填的，请再保存一次。")
            self.add_error(name, sentence % {"value": self._words(name)})
        if self.errors:
            return
        try:
            with transaction.atomic():
                self.instance = self.operate(
                    self._stored(), by=self.by, now=timezone.now(), **self.cleaned_data
                )
        except DomainError as error:
            error.add_to(self)

    def _stored(self):
        pk = self.instance.pk
        return None if pk is None else type(self.instance)._default_manager.get(pk=pk)

    def _words(self, name):
        """Return the stored value of a field as people read it."""
        stored, value = self._stored(), self[name].initial
        if display := getattr(stored, f"get_{name}_display", None):
            return display() or _("（空）")
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, datetime):
            return moment_text(value)
        if isinstance(value, list):
            return "、".join(map(str, value)) or _("（空）")
        return str(getattr(stored, name, value) or _("（空）"))

    def save(self, commit=True):
        """Everything is saved already."""
        return self.instance

    def save_m2m(self):
        """Nothing is left to save."""


def reason_field(help_text, *, label=None, missing=None, **more):
    """Return the field that asks a member of staff why; `missing` is said where she leaves it empty."""
    return forms.CharField(
        label=label or gettext_lazy("理由"),
        max_length=200,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
        error_messages={"required": missing or gettext_lazy("请写明理由，至少四个字。")},
        **more,
    )


def reason_form(help_text, **more):
    """Return the class of the form that asks why and nothing else; the arguments are those of `reason_field`."""
    return type("ReasonForm", (forms.Form,), {"reason": reason_field(help_text, **more)})


def _ask_least(field, model, name):
    """Let a number's field ask for the least its model takes.

    Django gives every positive number's field 0, checks that first, and so told who typed -1 that 0 will do.
    """
    try:
        asked = model._meta.get_field(name).validators
    except FieldDoesNotExist:  # a field of the form alone
        return
    least = [each.limit_value for each in asked if isinstance(each, MinValueValidator)]
    if least and field.min_value is not None and max(least) > field.min_value:
        field.validators = [v for v in field.validators if not isinstance(v, MinValueValidator)]
        field.validators.append(MinValueValidator(max(least)))
        field.min_value = field.widget.attrs["min"] = max(least)


def _is_one_line(field):
    return isinstance(field, forms.CharField) and not isinstance(field.widget, forms.Textarea)


def _sent(value):
    """Return a value as a browser would send it."""
    return "" if value is None else str(value)


class OperationAdmin(StaffAdmin):
    """An admin class that saves through its form, an OperationForm."""

    change_form_before_template = "kernel/admin/shown.html"

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Tell the form who acts; Django makes a class of its own for each request."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        return form

    def save_model(self, request, obj, form, change):
        """The form has done it."""

    def save_related(self, request, form, formsets, change):
        """The form has done it."""
