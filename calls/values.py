"""A number or a day as she types it, in a line of the form or a cell of a table: brought into one form where it is one.

What is none is kept as it was typed: nothing is lost because it is wrong, and nothing wrong is handed in.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TEXT, NUMBER, DATE = "text", "number", "date"  # as FieldKind and the columns of tables have them
MOST_DIGITS, MOST_PLACES = 15, 4
FIRST_YEAR, LAST_YEAR = 1900, 2100  # a year of two digits is a slip
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def neat(kind, text):
    """Return a number as plain digits, a day as 2024-03-08; anything else, and what is none, as it was typed."""
    text = text or ""
    if kind == NUMBER and (number := _number(text)) is not None:
        return format(number.normalize(), "f")
    if kind == DATE and (day := _day(text)) is not None:
        return day.isoformat()
    return text


def why_not(kind, text):
    """Say why a text that is not empty is no number or no day, as its kind wants, or None."""
    if kind == NUMBER and _number(text) is None:
        if not _is_number(text):
            return _("请填写数字。")
        sentence = _("数字太长：最多 %(digits)s 位，其中小数最多 %(places)s 位。")
        return sentence % {"digits": MOST_DIGITS, "places": MOST_PLACES}
    if kind == DATE and not is_day(text):
        return _("请填写日期，例如 2024-03-08。")
    return None


def is_day(text):
    """Tell whether a text is a day as it is kept, which a browser's box for days can show."""
    return bool(ISO_DAY.fullmatch(text)) and _day(text) is not None


def _is_number(text):
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _number(text):
    """Return the Decimal a text is, None where it is none or longer than is kept."""
    try:
        return forms.DecimalField(max_digits=MOST_DIGITS, decimal_places=MOST_PLACES).clean(text)
    except ValidationError:
        return None


def _day(text):
    """Return the date a text is, None where it is none: read as the reader's language writes days, or as it is kept."""
    try:
        found = (
            date.fromisoformat(text) if ISO_DAY.fullmatch(text) else forms.DateField().clean(text)
        )
    except (ValueError, ValidationError):
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
