"""Fields for a month or a year, as they are chosen on a phone."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

FIRST_YEAR = 1960


def years(today, ahead=0):
    """Return the years offered, the newest first."""
    return range(today.year + ahead, FIRST_YEAR - 1, -1)


class MonthWidget(forms.MultiWidget):
    """Year and month as two native selects: works on every phone and without JavaScript."""

    use_fieldset = True

    def __init__(self, years):
        """`years` are offered, the newest first."""
        half = {"class": "half"}
        year = forms.Select(
            half | {"aria-label": _("年")}, [("", _("年"))] + [(y, y) for y in years]
        )
        month = forms.Select(
            half | {"aria-label": _("月")}, [("", _("月"))] + [(m, m) for m in range(1, 13)]
        )
        super().__init__({"year": year, "month": month})

    def decompress(self, value):
        """Return [year, month] of a date."""
        return [value.year, value.month] if value else [None, None]


class MonthField(forms.MultiValueField):
    """A month as the date of its first day, None where nothing was chosen."""

    def __init__(self, *, offered, **kwargs):
        """`offered` are years."""
        fields = (
            forms.TypedChoiceField(choices=[("", "")] + [(y, y) for y in offered], coerce=int),
            forms.TypedChoiceField(choices=[("", "")] + [(m, m) for m in range(1, 13)], coerce=int),
        )
        super().__init__(fields=fields, widget=MonthWidget(offered), **kwargs)

    def compress(self, data):
        """Return the first day of the month."""
        if not any(data):
            return None
        if not all(data):
            raise forms.ValidationError(_("请选择年份和月份。"))
        return date(data[0], data[1], 1)


class YearField(forms.TypedChoiceField):
    """A year as the date of its first day, None where nothing was chosen."""

    def __init__(self, *, offered, **kwargs):
        """`offered` are years."""
        choices = [("", _("请选择年份"))] + [(year, year) for year in offered]
        super().__init__(
            choices=choices, coerce=lambda year: date(int(year), 1, 1), empty_value=None, **kwargs
        )

    def prepare_value(self, value):
        """Choose the year of a date."""
        return value.year if isinstance(value, date) else value
