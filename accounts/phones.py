"""Mainland mobile numbers as people type them."""

import re
import unicodedata

from kernel.text import INVISIBLE

_MOBILE = re.compile(r"1[3-9]\d{9}")
_PREFIX = re.compile(r"^\+?0{0,2}86")
# Blanks, dashes of every kind, brackets, dots and what a chat program pastes along.
_NOISE = re.compile(rf"[\-_‐-―−().·{INVISIBLE}]+")


def tidy(typed):
    """Return a typed phone number without what people put between its digits."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", str(typed or "")))


def normalise(typed):
    """Return the 11 digits of a mainland mobile number, or None when it is none.

    Accepts +86, 0086 and 86 in front, blanks, dashes and full-width digits: "＋86 138-0013 8000".
    """
    text = tidy(typed)
    if not _MOBILE.fullmatch(text):
        text = _PREFIX.sub("", text, count=1)
    return text if _MOBILE.fullmatch(text) and text.isascii() else None
