"""One call of every operation, for tests/test_rights.py."""

from datetime import timedelta

from places import operations
from places.models import CalendarDays, Place
from tests import factories
from tests.factories import NOW
from tests.places.make import place
from tests.rights import call

DAY = NOW.date() + timedelta(days=7)


def clerk(given):
    """Return somebody who keeps places."""
    return factories.staff("points_clerk")


def other_hours():
    """Return a day that is not as usual."""
    return place().other_hours.create(first_day=DAY, last_day=DAY, reason="盘点")


def spring_festival():
    """Return the days of a festival as they are entered."""
    days = {"first_day": DAY, "last_day": DAY + timedelta(days=6)}
    return days | {"is_off": True, "name": "春节", "source": "放假安排的通知"}


def entered():
    """Return days that were entered."""
    return {"calendar_days": CalendarDays.objects.create(**spring_festival())}


CALLS = (
    call(operations.save_place, lambda: {"place": place(), "phone": "023-2"}, insider=clerk),
    call(
        operations.export_places,
        lambda: {"rows": Place.objects.filter(pk=place().pk)},
        insider=clerk,
    ),
    call(operations.verify_place, lambda: {"place": place()}, insider=clerk),
    call(
        operations.add_other_hours,
        lambda: {
            "place": place(),
            "first_day": DAY,
            "last_day": DAY,
            "spans": [],
            "reason": "盘点",
        },
        insider=clerk,
    ),
    call(operations.drop_other_hours, lambda: {"other": other_hours()}, insider=clerk),
    call(operations.enter_calendar_days, spring_festival, insider=clerk),
    call(operations.drop_calendar_days, entered, insider=clerk),
)
