"""Forms of rooms in the admin."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelect2Widget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from accounts.models import Unit
from kernel.admin.fields import day_field, line_field
from kernel.admin.forms import OperationForm, reason_field
from kernel.forms import FilesField
from workplaces.rooms import standard
from workplaces.rooms.forms import RoomForm
from workplaces.rooms.models import RoomCriterion, RoomTier

WIDGETS = (
    (forms.Textarea, lambda: UnfoldAdminTextareaWidget({"rows": 4})),
    (forms.CheckboxInput, UnfoldBooleanWidget),
    (forms.TextInput, UnfoldAdminTextInputWidget),
)


class StaffRoomForm(RoomForm):
    """The form of the unit in the admin's dress."""

    def __init__(self, *args, **kwargs):
        """Dress its fields."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            for plain, dressed in WIDGETS:
                if isinstance(field.widget, plain):
                    field.widget = dressed()
                    break


class NewRoomForm(StaffRoomForm):
    """A room entered for a unit."""

    unit = forms.ModelChoiceField(
        Unit.objects.order_by("name"), label=_("单位"), widget=UnfoldAdminSelect2Widget
    )
    field_order = ("unit",)


def form_of(room):
    """Return the class of the form that corrects a room."""

    class ThisRoomForm(StaffRoomForm):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, room=room, **kwargs)

    return ThisRoomForm


def visit_form(day, visit=None):
    """Return the class of the form of a visit: what is asked for on a day; `visit`: the one that is corrected."""
    lines = list(RoomCriterion.objects.in_force(day).order_by("-must", "pk"))
    met = [one["code"] for one in visit.answers if one["met"]] if visit else []

    def ticks(label, must):
        return forms.MultipleChoiceField(
            label=label,
            choices=[(one.code, one.label) for one in lines if one.must == must],
            initial=met,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    class VisitForm(forms.Form):
        visited_on = day_field(_("核查日期"), initial=visit.visited_on if visit else day)
        musts = ticks(_("必备条件（达到的打勾）"), True)
        pluses = ticks(_("加分条件（达到的打勾）"), False)
        note = line_field(
            _("给单位的话"),
            300,
            required=False,
            initial=visit.note if visit else "",
            help_text=_("单位会看到；没有通过的写清要改什么。"),
        )
        photos = FilesField(
            label=_("照片"),
            required=False,
            help_text=_("最多 6 张，每张不超过 5 MB；只有工作人员看得到，请不要拍到人。"),
        )

        def clean(self):
            given = super().clean()
            given["met"] = [*given.pop("musts", ()), *given.pop("pluses", ())]
            return given

    if visit is None:
        return VisitForm
    why = reason_field(_("原来的留在记录里。"), label=_("哪里登记错了"))
    return type("CorrectionForm", (VisitForm,), {"reason": why})


class _LineForm(OperationForm):
    valid_from = day_field(_("施行日期"))
    valid_until = day_field(_("失效日期"), required=False, help_text=_("最后一天；仍然有效的留空"))

    def validate_constraints(self):
        """Leave it to the operation, whose sentence says what to do."""


class TierForm(_LineForm):
    """A tier."""

    class Meta:
        model = RoomTier
        fields = standard.TIER_FIELDS

    def operate(self, stored, **values):
        """Save it."""
        return standard.save_tier(tier=stored, **values)


class CriterionForm(_LineForm):
    """A criterion."""

    class Meta:
        model = RoomCriterion
        fields = standard.CRITERION_FIELDS

    def operate(self, stored, **values):
        """Save it."""
        return standard.save_criterion(criterion=stored, **values)
