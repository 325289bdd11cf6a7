"""Make a picture from outside anew: its pixels and nothing else. Runs in a process of its own, started by kernel.uploads.

A photo says where and when it was taken, with which phone, and may carry a small copy of what was cut off. Only what is
seen goes on; what is turned by a note in the file is turned for good.
"""

import base64
import io

from PIL import Image, ImageOps

from kernel.qr_photo import MOST_PIXELS, MOST_PIXELS_OTHERWISE

FORMATS = ("JPEG", "PNG")
# Enough to read the small print of a page that was photographed.
LONGEST_SIDE = 4000
PIECE = 1 << 20  # bytes of a line of answer
# What a format shows as it is; anything else (CMYK, sixteen bits) becomes plain colours.
MODES = {"JPEG": ("L", "RGB"), "PNG": ("1", "L", "RGB", "RGBA")}
SAVED = {"JPEG": {"quality": 88}, "PNG": {"optimize": True}}


def answers(data):
    """Yield {"piece": base64} of the new file, or {"error": code of kernel.uploads}."""
    try:
        made = _anew(data)
    except (Image.DecompressionBombError, _TooManyPixels):
        yield {"error": "photo_too_big"}
    except (OSError, ValueError, SyntaxError, EOFError):
        yield {"error": "photo_unreadable"}
    else:
        for start in range(0, len(made), PIECE):
            yield {"piece": base64.b64encode(made[start : start + PIECE]).decode()}


class _TooManyPixels(Exception):
    pass


def _anew(data):
    """Return the bytes of the picture in its own format, without anything that is not seen."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        # A phone's JPEG may hold several pictures, and is called MPO then.
        kind = "PNG" if image.format == "PNG" else "JPEG"
        pixels = image.width * image.height
        # A progressive one is held whole beside what is unfolded, however small it is made: no camera writes them.
        is_steady = kind == "JPEG" and not image.info.get("progressive")
        if pixels > (MOST_PIXELS["JPEG"] if is_steady else MOST_PIXELS_OTHERWISE):
            raise _TooManyPixels
        share = max(image.width, image.height) / LONGEST_SIDE
        if pixels > MOST_PIXELS_OTHERWISE:
            share = max(share, 2)
        if share > 1:
            image.draft(None, (round(image.width / share), round(image.height / share)))
        image.load()
        seen = _seen(image, MODES[kind])
    del image  # what was made of it is kept, not both
    see_through = seen.mode == "RGBA" and max(seen.size) > LONGEST_SIDE
    if see_through:  # Pillow would do so beside it, and hold both
        seen = seen.convert("RGBa")
    seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if see_through:
        seen = seen.convert("RGBA")
    seen.info.clear()
    made = io.BytesIO()
    seen.save(made, kind, **SAVED[kind])
    return made.getvalue()


def _seen(image, modes):
    ImageOps.exif_transpose(image, in_place=True)  # what stands upright is not copied
    turned = image
    if "transparency" in turned.info or turned.mode in ("LA", "PA"):
        turned = turned.convert("RGBA")
    return turned if turned.mode in modes else turned.convert("RGB")
