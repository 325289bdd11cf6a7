"""What a form that was refused says at the top of its page: each problem, with a link to its field.

A page has to do nothing for it: the base templates of site and admin look at what the view gave them.
"""

from dataclasses import dataclass

from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm, BaseFormSet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kernel.errors import DomainError

ASKS = "asks"


@dataclass(frozen=True)
class Problem:
    """One thing to be put right: the id of the field ("" where there is none to go to), its label, a sentence.

    `asks`: nothing is wrong, the form tells what it would do (a ValidationError with the code ASKS) and wants it sent again.
    """

    anchor: str
    label: str
    text: str
    asks: bool = False

    def __str__(self):
        return _("%(label)s：%(text)s") % vars(self) if self.label else self.text


def problems(context):
    """Return the problems of all refused forms in a template's context (a dict).

    A form, a set of forms, the admin's form, and a DomainError under the name `error`, whose field is
    the `id_…` of the page.
    """
    found = []
    for form in _forms(context.values()):
        found += [problem for problem in _of_form(form) if problem not in found]
    error = context.get("error")
    if isinstance(error, DomainError):
        found.append(Problem(f"id_{error.field}" if error.field else "", "", str(error)))
    return found


def _forms(values):
    for value in values:
        # isinstance() would evaluate what is lazy: the admin's list of all apps, which few pages show.
        kind = type(value)
        if issubclass(kind, AdminForm):
            yield value.form
        elif issubclass(kind, BaseFormSet):
            yield from value.forms if value.is_bound else ()
        elif issubclass(kind, BaseForm):
            yield value


def _of_form(form):
    if not form.is_bound or not form.errors:
        return
    for error in form.errors.as_data().get(NON_FIELD_ERRORS, ()):
        for text in error.messages:
            yield Problem("", "", text, asks=error.code == ASKS)
    for bound in form:
        # A choice of several boxes is no field that could take the cursor: its errors stand there.
        anchor = "" if bound.is_hidden else bound.id_for_label or f"{bound.auto_id}_error"
        for text in bound.errors:
            yield Problem(anchor, capfirst(str(bound.label)), text)
