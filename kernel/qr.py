"""QR codes: drawing one for a page, reading one from a photo."""

import io
from functools import lru_cache

import segno
import zxingcpp
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from kernel.errors import Invalid

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 50_000_000  # a phone's camera; a small file may unfold into far more
LONGEST_SIDE = 2000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


@lru_cache(maxsize=512)
def svg(text):
    """Return `text` as inline SVG, about 2 KB, without style attributes.

    Finding the best mask takes 3 CPU-ms, so recent ones are kept.
    """
    drawn = segno.make(text, error="m", micro=False)
    return mark_safe(drawn.svg_inline(omitsize=True, border=2))  # noqa: S308  (drawn here, holds no text)


def read(upload):
    """Return the text of the first QR code in an uploaded photo, "" when it shows none.

    The photo is judged by its content, decoded in memory and never kept. Raises Invalid for a file
    over 5 MB, with too many pixels, or that is no picture.
    """
    if upload.size > MAX_BYTES:
        raise Invalid("photo_too_big", _("照片超过 5 MB，请换一张小一点的。"), field="photo")
    try:
        with Image.open(io.BytesIO(upload.read()), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Invalid("photo_too_big", _("照片尺寸太大，请换一张小一点的。"), field="photo")
            image.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
            image = ImageOps.exif_transpose(image).convert("L")
    except Image.DecompressionBombError as error:
        raise Invalid(
            "photo_too_big", _("照片尺寸太大，请换一张小一点的。"), field="photo"
        ) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Invalid(
            "photo_unreadable", _("这个文件不是可以识别的照片，请重新拍一张。"), field="photo"
        ) from error
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    codes = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return codes[0].text if codes else ""
