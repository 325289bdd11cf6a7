"""Forms of the pages where staff keep seats back and count guests."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import Unit
from events.models import Pool, PoolKind
from kernel.admin.widgets import HalfHourMoment


class PoolForm(forms.Form):
    """How many seats are kept, what they are called, when they open to everybody."""

    seats = forms.IntegerField(
        label=_("保留席位"),
        min_value=1,
        max_value=100_000,
        widget=UnfoldAdminIntegerFieldWidget,
        error_messages={"required": _("请填写保留多少席。")},
    )
    label = forms.CharField(
        label=_("名称"),
        max_length=40,
        required=False,
        help_text=_("报名的人会看到，如“女科学家专场”；留空则用单位名称或“女性专场”"),
        widget=UnfoldAdminTextInputWidget,
    )
    opens_to_all_at = forms.SplitDateTimeField(
        label=_("何时向所有人开放"),
        required=False,
        help_text=Pool._meta.get_field("opens_to_all_at").help_text,
        widget=HalfHourMoment,
    )


class NewPoolForm(PoolForm):
    """For whom seats are kept, and the rest."""

    kind = forms.ChoiceField(
        label=_("保留给"), choices=PoolKind.choices, widget=UnfoldAdminSelectWidget
    )
    unit = forms.ModelChoiceField(
        label=_("单位"),
        queryset=Unit.objects.order_by("name"),
        required=False,
        empty_label=_("请选择"),
        help_text=_("单位名额时选择；档案里是这个单位的人可以用"),
        widget=UnfoldAdminSelectWidget,
    )
    field_order = ("kind", "unit", "seats", "label", "opens_to_all_at")


class GuestsForm(forms.Form):
    """How many people outside the database come, or came."""

    women = forms.IntegerField(
        label=_("女宾"), min_value=0, widget=UnfoldAdminIntegerFieldWidget, initial=0
    )
    men = forms.IntegerField(
        label=_("男宾"), min_value=0, widget=UnfoldAdminIntegerFieldWidget, initial=0
    )
