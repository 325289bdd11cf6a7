"""What the admin's pages of all themes share: a woman's number, and forms about an association of one's department."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.admin.fields import line_field
from kernel.admin.forms import OperationForm
from networks.associations.models import Association
from talents.models import Talent


def talent_field(**more):
    """Return the field for a woman's number in the database; `find_talent` reads it."""
    return line_field(_("人才编号"), 20, help_text=_("在“人才库”里查"), **more)


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
