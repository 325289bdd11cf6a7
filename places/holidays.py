"""China's public holidays and working days, as the State Council fixes them each year.

The package knows the notices up to its own release. What staff enter (`CalendarDays`) comes before it: the year whose
notice is newer, a day the State Council declared free afterwards.
"""

import time
from dataclasses import dataclass
from datetime import date

import chinese_calendar
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import content, days

NAMES = {
    "New Year's Day": gettext_lazy("元旦"),
    "Spring Festival": gettext_lazy("春节"),
    "Tomb-sweeping Day": gettext_lazy("清明节"),
    "Labour Day": gettext_lazy("劳动节"),
    "Dragon Boat Festival": gettext_lazy("端午节"),
    "Mid-autumn Festival": gettext_lazy("中秋节"),
    "National Day": gettext_lazy("国庆节"),
}
SATURDAY = 5
MINUTE = (
    60  # seconds after which another process has read what was entered, if no page told it before
)


@dataclass(frozen=True)
class Holiday:
    """What a holiday makes of a day: free (`is_off`), or a day to work to make up for it."""

    name: str
    is_off: bool

    def __str__(self):
        words = _("%(name)s假期") if self.is_off else _("%(name)s调休，上班")
        return words % {"name": self.name}


class Entered:
    """What staff entered, kept by each process: a list of hours asks for a hundred days, and they change once a year.

    It is read anew when one is saved here, when the public content has moved (a page that is made anew shows it), and
    after a minute.
    """

    def __init__(self):
        self.forget()

    def forget(self, **_signal):
        """Have it read again the next time it is asked for."""
        self.keep(None)

    def keep(self, found):
        """Take {date: Holiday} for what was entered, as of now."""
        self.found, self.read_at, self.version = found, time.monotonic(), content.known()

    def days(self):
        """Return {date: Holiday}; one query, mostly none."""
        if self.version is None:
            self.version = content.known()
        if (
            self.found is None
            or self.version != (content.known() or self.version)
            or time.monotonic() - self.read_at > MINUTE
        ):
            self.keep(_read())
        return self.found


def _read():
    from places.models import CalendarDays

    return {day: row.holiday for row in CalendarDays.objects.all() for day in row.days()}


entered = Entered()


def watch():
    """Read what staff enter anew once it changes."""
    for signal in (post_save, post_delete):
        signal.connect(entered.forget, sender="places.CalendarDays", dispatch_uid="holidays")


def are_known(year):
    """Tell whether the State Council's notice for a year is known here: it comes out in the November before."""
    try:
        chinese_calendar.is_holiday(date(year, 1, 1))
    except NotImplementedError:
        return any(day.year == year for day in entered.days())
    return True


def holiday_on(day):
    """Return the Holiday that makes a date what its weekday would not, or None; years without a notice yet have none."""
    if day in (found := entered.days()):
        return found[day]
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None
    return Holiday(NAMES.get(name, name), is_off) if name else None


def is_working_day(day):
    """Tell whether offices work on a date: Monday to Friday, but for holidays and with the days made up for them."""
    holiday = holiday_on(day)
    return day.weekday() < SATURDAY if holiday is None else not holiday.is_off


def or_next_working_day(day):
    """Return a date, or where it is a rest day the next one on which offices work (Civil Code, art. 203)."""
    return day if is_working_day(day) else working_days_after(day, 1)


def working_days_after(day, count):
    """Return the date on which `count` working days have passed after `day`, which is not counted itself.

    Terms begin on the day after (Civil Code, art. 201).
    """
    while count > 0:
        day += days.DAY
        count -= is_working_day(day)
    return day


def working_days_between(first, last):
    """Return how many working days lie behind `first`, up to and with `last`."""
    count = (last - first).days
    return sum(is_working_day(first + number * days.DAY) for number in range(1, count + 1))
