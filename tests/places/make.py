"""Places the tests need, each saved, anything can be named."""

from itertools import count

from places.hours import parse_week
from places.models import Place

_numbers = count(1)


def place(weekly="周一至周五 9:00-17:00", **fields):
    """Return a place open in office hours, on no public holiday."""
    fields.setdefault("name", f"示例场所{next(_numbers)}")
    defaults = {"address": "金渝大道1号", "phone": "023-00000000"}
    return Place.objects.create(**(defaults | fields), weekly=parse_week(weekly))
