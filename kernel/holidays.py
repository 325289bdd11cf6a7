"""China's public holidays, as the State Council fixes them each year."""

from dataclasses import dataclass
from datetime import date

import chinese_calendar
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES = {
    "New Year's Day": gettext_lazy("元旦"),
    "Spring Festival": gettext_lazy("春节"),
    "Tomb-sweeping Day": gettext_lazy("清明节"),
    "Labour Day": gettext_lazy("劳动节"),
    "Dragon Boat Festival": gettext_lazy("端午节"),
    "Mid-autumn Festival": gettext_lazy("中秋节"),
    "National Day": gettext_lazy("国庆节"),
}


@dataclass(frozen=True)
class Holiday:
    """What a holiday makes of a day: free (`is_off`), or a day to work to make up for it."""

    name: str
    is_off: bool

    def __str__(self):
        words = _("%(name)s假期") if self.is_off else _("%(name)s调休，上班")
        return words % {"name": self.name}


def are_known(year):
    """Tell whether the State Council's notice for a year is known here: it comes out in the November before."""
    try:
        chinese_calendar.is_holiday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def holiday_on(day):
    """Return the Holiday that makes a date what its weekday would not, or None; years without a notice yet have none."""
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None
    return Holiday(NAMES.get(name, name), is_off) if name else None
