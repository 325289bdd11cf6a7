"""Forms of places: they parse and validate; operations decide."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from kernel.admin.forms import OperationForm
from kernel.errors import DomainError
from places import hours, near, operations
from places.models import CalendarDays, Place


class WeekField(forms.CharField):
    """A week's hours, typed as lines: 周一至周五 9:00-12:00，13:30-17:30."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget({"rows": 7}))
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "help_text",
            _("每行写几天和时间，如“周一至周五 9:00-12:00，13:30-17:30”；没有写到的日子休息。"),
        )
        super().__init__(strip=False, **kwargs)

    def prepare_value(self, value):
        """Show a stored week as lines."""
        return "\n".join(hours.week_lines(value)) if isinstance(value, list) else value

    def clean(self, value):
        """Return the week as it is kept."""
        return _parsed(hours.parse_week, super().clean(value))


class DayField(forms.CharField):
    """A day's hours; empty or 休息 for none."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", UnfoldAdminTextInputWidget)
        super().__init__(required=False, **kwargs)

    def clean(self, value):
        """Return the hours as they are kept."""
        return _parsed(hours.parse_day, super().clean(value))


def _parsed(parse, text):
    try:
        return parse(text)
    except DomainError as error:
        raise forms.ValidationError(str(error)) from error


class PositionField(forms.CharField):
    """A position as a map's picker copies it; (latitude, longitude) or None."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("坐标"))
        kwargs.setdefault(
            "help_text",
            _("在高德地图的坐标拾取器里复制，如“106.5516,29.6140”；填了才能按距离找到。"),
        )
        super().__init__(required=False, max_length=60, **kwargs)

    def prepare_value(self, value):
        """Show a stored position as maps write it."""
        return near.position_text(value) if isinstance(value, tuple) else value

    def clean(self, value):
        """Return the position as it is kept."""
        text = super().clean(value)
        return _parsed(near.position_of, text) if text else None


def position_fields(values):
    """Return an operation's values with the position a PositionField named `position` read as two fields."""
    values = dict(values)
    position = values.pop("position") or (None, None)
    return values | {"latitude": position[0], "longitude": position[1]}


class PlaceForm(OperationForm):
    """What is public of a place."""

    position = PositionField(widget=UnfoldAdminTextInputWidget)
    weekly = WeekField(label=_("每周开放时间"))
    map_link = forms.URLField(
        label=_("地图链接"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("地图里点“分享”得到的链接，以 https:// 开头。"),
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = Place
        fields = tuple(f for f in operations.PLACE_FIELDS if f not in ("latitude", "longitude"))

    def __init__(self, *args, instance=None, **kwargs):
        """Show the position it has."""
        super().__init__(*args, instance=instance, **kwargs)
        self.initial["position"] = self.instance.position

    def operate(self, stored, **values):
        """Add or change the place."""
        return operations.save_place(place=stored, **position_fields(values))


def date_field(label, **more):
    """Return the field of a date in the admin."""
    return forms.DateField(
        label=label,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        error_messages={
            "required": _("请选择日期。"),
            "invalid": _("请按 2026-03-08 的样子填写日期。"),
        },
        **more,
    )


class OtherHoursForm(forms.Form):
    """Days that are not as usual."""

    first_day = date_field(_("第一天"))
    last_day = date_field(_("最后一天"))
    spans = DayField(
        label=_("这几天的时间"), help_text=_("如“9:00-12:00”；留空表示整天休息。"), max_length=80
    )
    reason = forms.CharField(
        label=_("原因"),
        max_length=60,
        help_text=_("读者会看到，如“盘点”“搬家”“春节值班”。"),
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": _("请写明原因，读者会看到。")},
    )


class CalendarDaysForm(OperationForm):
    """A stretch of free days, or days to work to make up for them."""

    first_day = date_field(_("第一天"))
    last_day = date_field(_("最后一天"))

    class Meta:
        model = CalendarDays
        fields = ("first_day", "last_day", "is_off", "name", "source")

    def clean(self):
        """Refuse days backwards here: the database cannot even compare such a stretch with others."""
        values = super().clean()
        first, last = values.get("first_day"), values.get("last_day")
        if (
            first
            and last
            and (error := operations.why_not_calendar_days(first, last, timezone.now()))
        ):
            error.add_to(self)
        return values

    def operate(self, stored, **values):
        """Enter the days."""
        return operations.enter_calendar_days(**values)
