"""What the processes that read documents share: how they refuse, names as they are found in text, pictures without notes."""

import re

SEGMENT = 0xFF
NO_LENGTH = {0x01, *range(0xD0, 0xD9)}  # markers of a JPEG that stand alone
SCAN, END, COMMENT = 0xDA, 0xD9, 0xFE
BEHIND_PIXELS = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
# APP0 says how large a point is, APP2 holds the colours' profile, APP14 how they are kept: seen, not told.
KEPT = {0xE0, 0xE2, 0xEE}
PNG = b"\x89PNG\r\n\x1a\n"
PNG_NOTES = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")


class Refusal(Exception):
    """A document is not taken; `code` is one of kernel.uploads.REFUSALS."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def spaced(names):
    """Return what finds the names in running text, blanks between their characters or not; None for no names."""
    found = [r"\s*".join(map(re.escape, name.replace(" ", ""))) for name in names]
    return re.compile("|".join(found), re.IGNORECASE) if found else None


def without_notes(picture):
    """Return a JPEG or PNG without what is noted in it beside the pixels; anything else, or what is broken, as it is."""
    if picture.startswith(PNG):
        return _png(picture)
    return _jpeg(picture) if picture.startswith(b"\xff\xd8") else picture


def _jpeg(picture):
    kept, at = [picture[:2]], 2
    while at + 4 <= len(picture) and picture[at] == SEGMENT:
        marker = picture[at + 1]
        if marker == END:
            return b"".join([*kept, picture[at : at + 2]])  # what lies behind is not seen
        end = at + 2
        if marker not in NO_LENGTH:
            end += int.from_bytes(picture[at + 2 : at + 4], "big")
        if marker == SCAN:
            end = _end_of_scan(picture, end)
        if not (0xE0 <= marker <= 0xEF or marker == COMMENT) or marker in KEPT:
            kept.append(picture[at:end])
        at = end
    return (
        b"".join([*kept, picture[at : at + 2]]) if picture[at : at + 2] == b"\xff\xd9" else picture
    )


def _end_of_scan(picture, at):
    """Return where the pixels end that begin at `at`: at the next marker that is none of theirs."""
    found = BEHIND_PIXELS.search(picture, at)
    return found.start() if found else len(picture)


def _png(picture):
    kept, at = [PNG], len(PNG)
    while at + 12 <= len(picture):
        end = at + 12 + int.from_bytes(picture[at : at + 4], "big")
        if picture[at + 4 : at + 8] not in PNG_NOTES:
            kept.append(picture[at:end])
        at = end
    return b"".join(kept)
