"""Mainland mobile numbers as people type them."""

import re
import unicodedata

_MOBILE = re.compile(r"1[3-9]\d{9}")
_PREFIX = re.compile(r"^(?:\+|00)?86")
# Blanks, dashes of every kind, brackets, dots and what a chat program pastes along.
_NOISE = re.compile(r"[\s\-‐-―−().·\u200b-\u200f\u2060\ufeff]+")


def normalise(typed):
    """Return the 11 digits of a mainland mobile number, or None when it is none.

    Accepts +86, 0086 and 86 in front, blanks, dashes and full-width digits: "＋86 138-0013 8000".
    """
    text = _NOISE.sub("", unicodedata.normalize("NFKC", str(typed or "")))
    if not _MOBILE.fullmatch(text):
        text = _PREFIX.sub("", text, count=1)
    return text if _MOBILE.fullmatch(text) and text.isascii() else None
