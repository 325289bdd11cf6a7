"""Text as people type it, brought into a form that can be compared."""

import re
import unicodedata

# Blanks, and characters nobody sees that chat programs and spreadsheets paste along.
INVISIBLE = r"\s\u200b-\u200f\u2060\ufeff"
_BLANKS = re.compile(f"[{INVISIBLE}]+")


def squeeze(text):
    """Fold full-width characters and remove every blank and invisible character."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", str(text or "")))


def fold(text):
    """Return `text` as it is searched: full-width and case folded, blanks dropped."""
    return "".join(unicodedata.normalize("NFKC", text or "").casefold().split())
