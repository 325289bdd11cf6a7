"""Text as people type it, brought into a form that can be compared."""

import re
import unicodedata

# Characters nobody sees that chat programs and spreadsheets paste along; with them, all blanks.
UNSEEN = r"\u200b-\u200f\u2060\ufeff"
INVISIBLE = r"\s" + UNSEEN
# Chinese characters, 〇 and the rare ones of names included.
HAN = "\u3400-\u9fff\u3007\U00020000-\U000323af"
_BLANKS = re.compile(f"[{INVISIBLE}]+")


def squeeze(text):
    """Fold full-width characters and remove every blank and invisible character."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", str(text or "")))


def fold(text):
    """Return `text` as it is searched: full-width and case folded, blanks dropped."""
    return "".join(unicodedata.normalize("NFKC", text or "").casefold().split())


def plain(text):
    """Return `text` on one line, single blanks between words, without characters that cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())
