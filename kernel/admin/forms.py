"""Forms of the admin that are saved by an operation."""

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.admin.base import StaffAdmin
from kernel.errors import DomainError
from kernel.text import is_one_line


class OperationForm(forms.ModelForm):
    """A form whose writing is done by an operation; its refusals become form errors.

    What the fields and the model can check for themselves comes first. Then `_post_clean` runs the
    operation in a savepoint, so what is refused is undone as a whole and shown at its field with
    everything that was typed. OperationAdmin sets `by`.
    """

    by = None

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
            if _is_one_line(field) and not is_one_line(self.cleaned_data.get(name)):
                self.add_error(name, _("这一项只能写一行，不能有换行或控制字符。"))

    def _post_clean(self):
        super()._post_clean()
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

    def save(self, commit=True):
        """Everything is saved already."""
        return self.instance

    def save_m2m(self):
        """Nothing is left to save."""


def _is_one_line(field):
    return isinstance(field, forms.CharField) and not isinstance(field.widget, forms.Textarea)


class OperationAdmin(StaffAdmin):
    """An admin class that saves through its form, an OperationForm."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Tell the form who acts; Django makes a class of its own for each request."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        return form

    def save_model(self, request, obj, form, change):
        """The form has done it."""

    def save_related(self, request, form, formsets, change):
        """The form has done it."""
