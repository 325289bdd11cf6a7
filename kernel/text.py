"""Text as people type it, brought into a form that can be compared."""

import re
import unicodedata

# Characters nobody sees that chat programs and spreadsheets paste along; with them, all blanks.
UNSEEN = r"\u200b-\u200f\u2060\ufeff"
INVISIBLE = r"\s" + UNSEEN
# Chinese characters, 〇 and the rare ones of names included.
HAN = "\u3400-\u9fff\u3007\U00020000-\U000323af"
_BLANKS = re.compile(f"[{INVISIBLE}]+")
# Unicode's own line and paragraph separators as well: JavaScript and mail programs break there; and what
# turns the direction of writing round.
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def squeeze(text):
    """Fold full-width characters and remove every blank and invisible character."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", str(text or "")))


def fold(text):
    """Return `text` as it is searched: full-width and case folded, blanks dropped."""
    return "".join(unicodedata.normalize("NFKC", text or "").casefold().split())


def is_one_line(text):
    """Tell whether `text` (str, or nothing) holds neither a line break nor a control character."""
    return not isinstance(text, str) or not _BREAKS.search(text)
