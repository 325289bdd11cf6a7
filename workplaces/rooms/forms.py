"""What is typed about mothers' rooms: by a unit, by who visits, by a woman who found one closed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from places.forms import DayField, PositionField, WeekField, position_fields
from workplaces.rooms.models import ReportKind, Room

_DATE = {"type": "date"}


def _of(model, name, **more):
    """Return a form field with the words a model's field has."""
    return model._meta.get_field(name).formfield(**more)


def _place(name, **more):
    return _of(Room._meta.get_field("place").related_model, name, **more)


class RoomForm(forms.Form):
    """A room as its unit states it; `values` are what the operation takes."""

    name = _place("name", help_text=_("如“礼嘉科创园爱心妈咪小屋”"))
    name_en = _of(Room, "name_en")
    address = _place("address", help_text=_("写到楼层和房间"))
    position = PositionField(widget=forms.TextInput)
    phone = _place("phone", help_text=_("会写在公开页面上，请写办公电话"))
    weekly = WeekField(label=_("每周开放时间"), widget=forms.Textarea({"rows": 4}), required=True)
    closed_on_holidays = _place("closed_on_holidays", initial=True)
    is_public = _of(Room, "is_public")
    who_may = _of(Room, "who_may")
    step_free = _place("step_free")
    has_lift = _place("has_lift")
    access_words = _place("access_words")

    def __init__(self, *args, room=None, **kwargs):
        """Begin with what a room has."""
        super().__init__(*args, **kwargs)
        if room is not None:
            self.initial = {
                name: getattr(room if hasattr(room, name) else room.place, name)
                for name in self.fields
            }

    @property
    def values(self):
        """Return what the operation takes."""
        return position_fields(self.cleaned_data)


class DaysForm(forms.Form):
    """Days on which a room is closed, or open at other hours."""

    first_day = forms.DateField(label=_("第一天"), widget=forms.DateInput(_DATE, format="%Y-%m-%d"))
    last_day = forms.DateField(
        label=_("最后一天"), widget=forms.DateInput(_DATE, format="%Y-%m-%d")
    )
    spans = DayField(
        label=_("这几天的时间"),
        help_text=_("如“9:00-12:00”；留空表示整天休息。"),
        max_length=80,
        widget=forms.TextInput,
    )
    reason = forms.CharField(
        label=_("原因"), max_length=60, help_text=_("读者会看到，如“盘点”“搬家”“春节值班”。")
    )


class WithdrawForm(forms.Form):
    """Why a room is taken off."""

    reason = forms.CharField(
        label=_("为什么撤下"), max_length=200, help_text=_("读者不会看到；以后可以重新申请。")
    )


class ReportForm(forms.ModelForm):
    """What a woman found."""

    kind = forms.ChoiceField(
        label=_("怎么了"), choices=ReportKind.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = Room.reports.rel.related_model
        fields = ("kind", "words")

    def validate_constraints(self):
        """Leave it to the operation."""


class SearchForm(forms.Form):
    """What the public list is narrowed by."""

    q = forms.CharField(label=_("街道、单位或名称"), max_length=40, required=False)
    inside = forms.BooleanField(label=_("包括只供本单位使用的"), required=False)


class NearForm(forms.Form):
    """Where a phone says it is; used for one answer and kept nowhere."""

    latitude = forms.FloatField(min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(min_value=-180, max_value=180, widget=forms.HiddenInput)
