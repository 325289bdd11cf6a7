"""The application number of a Chinese patent: twelve digits and a check digit.

Four digits of the year, one of the kind (1 and 8 invention, 2 and 9 utility model, 3 design; 8 and 9 came by PCT), seven
that count, a point, the check digit: the digits times 2 to 9 and 2 to 5, added, modulo 11, X for ten (CNIPA's standard for
application numbers, in use since 1 October 2003; 201710601862.3 is the example its explanations work out). The nine-digit
numbers before it belong to patents that have all run out.
"""

import re

from django.utils.translation import gettext as _

from kernel.errors import Invalid

WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
FIRST_YEAR = 2003
KINDS = {"invention": "18", "utility": "29", "design": "3"}
WRITTEN = re.compile(r"(?:CN|ZL)?(\d{12})\.?([\dX])")


def check_digit(digits):
    """Return the check digit of twelve digits."""
    rest = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def plain(text):
    """Return a number as it was typed without blanks, in capitals and with the ASCII point."""
    return "".join((text or "").upper().replace("．", ".").replace("。", ".").split())


def why_not_number(text, rights_kind, year):
    """Say why `text` is no application number of a right of this kind that could have been filed by `year`."""
    found = WRITTEN.fullmatch(plain(text))
    if not found:
        sentence = _("申请号应为 12 位数字加校验位，如 201710601862.3。")
        return Invalid("number_form", sentence, field="application_number")
    digits, check = found.groups()
    if not FIRST_YEAR <= int(digits[:4]) <= year:
        sentence = _("申请号前四位是申请年份，应在 %(first)s 到 %(last)s 之间。")
        sentence %= {"first": FIRST_YEAR, "last": year}
        return Invalid("number_year", sentence, field="application_number")
    if digits[4] not in KINDS.get(rights_kind, ""):
        sentence = _("申请号第五位和所选的权利类型不一致，请核对。")
        return Invalid("number_kind", sentence, field="application_number")
    if check != check_digit(digits):
        sentence = _("申请号的校验位不对，请对照受理通知书核对每一位。")
        return Invalid("number_check", sentence, field="application_number")
    return None


def written(text):
    """Return a sound number as it is kept: 201710601862.3."""
    digits, check = WRITTEN.fullmatch(plain(text)).groups()
    return f"{digits}.{check}"
