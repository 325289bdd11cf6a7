"""Fields of the admin's forms that unfold has no fitting one for."""

from datetime import time

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

HALF_HOURS = [time(half // 2, 30 * (half % 2)) for half in range(48)]


class HalfHourSelect(UnfoldAdminSelectWidget):
    """A time of day in half hours; another one that is stored already stays among the choices."""

    def optgroups(self, name, value, attrs=None):
        """Offer the half hours, and the value there is."""
        times = {f"{moment:%H:%M}" for moment in HALF_HOURS} | set(filter(None, value))
        self.choices = [("", _("时间")), *((shown, shown) for shown in sorted(times))]
        return super().optgroups(name, value, attrs)

    def format_value(self, value):
        """Return the time as 14:30; seconds nobody typed are left out, others stay."""
        if isinstance(value, time):
            value = f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
        return super().format_value(value)


class HalfHourMoment(forms.SplitDateTimeWidget):
    """A day and a time in half hours."""

    template_name = "unfold/widgets/split_datetime.html"

    def __init__(self, attrs=None):
        day = UnfoldAdminTextInputWidget({"type": "date"})
        forms.MultiWidget.__init__(self, [day, HalfHourSelect()], attrs)

    def get_context(self, name, value, attrs):
        """Name the two parts for those who hear the form."""
        context = super().get_context(name, value, attrs)
        for part, words in zip(
            context["widget"]["subwidgets"], (_("日期"), _("时间")), strict=True
        ):
            part["attrs"]["aria-label"] = words
        return context


class GroupedCheckboxes(UnfoldAdminCheckboxSelectMultipleWidget):
    """Boxes to tick, those of a group side by side under its name; for choices with groups."""

    def render(self, name, value, attrs=None, renderer=None):
        """Render by the portal's templates: a form's own renderer knows those of libraries alone."""
        return render_to_string(
            "kernel/admin/grouped_choices.html", self.get_context(name, value, attrs)
        )
