"""Find the QR code in a photo; runs in a process of its own (kernel.confined), started by kernel.qr."""

import io
import math

import zxingcpp
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
# Pixels of a picture that may be decoded. A JPEG of a phone's camera is made smaller while it is decoded;
# the others unfold whole, four bytes a pixel.
MOST_PIXELS = {"JPEG": 50_000_000}
MOST_PIXELS_OTHERWISE = 20_000_000
LONGEST_SIDE = 2000


def answers(data):
    """Yield {"text": the first code, "" where the photo shows none}, or {"error": code of kernel.qr}."""
    try:
        yield _answer(data)
    except Image.DecompressionBombError:
        yield {"error": "photo_too_big"}
    except (OSError, ValueError, SyntaxError):
        yield {"error": "photo_unreadable"}


def _answer(data):
    # Pillow makes room for the whole canvas of a WEBP when it only opens it.
    if data[:4] == b"RIFF" and math.prod(webp_size(data)) > MOST_PIXELS_OTHERWISE:
        return {"error": "photo_too_big"}
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        most = MOST_PIXELS.get(image.format, MOST_PIXELS_OTHERWISE)
        if image.width * image.height > most:
            return {"error": "photo_too_big"}
        image.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
        image = ImageOps.exif_transpose(image).convert("L")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    codes = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return {"text": codes[0].text if codes else ""}


def webp_size(data):
    """Return (width, height) from the head of a WEBP (RFC 9649, section 2), (0, 0) where it has none."""
    kind, head = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return (
            int.from_bytes(head[4:7], "little") + 1,
            int.from_bytes(head[7:10], "little") + 1,
        )
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    return (width & 0x3FFF, height & 0x3FFF) if kind == b"VP8 " else (0, 0)
