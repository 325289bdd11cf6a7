"""QR codes: drawing one for a page, reading one from a photo."""

from functools import lru_cache

import segno
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from kernel import confined
from kernel.errors import Conflict, Invalid
from kernel.uploads import turn

MAX_BYTES = 5 * 1024 * 1024
LIMITS = confined.Limits(memory=300 << 20, cpu=5, wall=8, output=64 << 10)
WAIT = 3.0  # seconds a photo waits for the one before it
REFUSALS = {
    "photo_too_big": _("照片尺寸太大，请换一张小一点的。"),
    "photo_unreadable": _("这个文件不是可以识别的照片，请重新拍一张。"),
}


@lru_cache(maxsize=512)
def svg(text):
    """Return `text` as inline SVG, about 2 KB, without style attributes.

    Finding the best mask takes 3 CPU-ms, so recent ones are kept.
    """
    drawn = segno.make(text, error="m", micro=False)
    return mark_safe(drawn.svg_inline(omitsize=True, border=2))  # noqa: S308  (drawn here, holds no text)


def read(upload):
    """Return the text of the first QR code in an uploaded photo, "" when it shows none.

    The photo is judged by its content, decoded in the memory of a process of its own, one at a time on this
    machine, and never kept. Raises Invalid for a file over 5 MB, with too many pixels, or that is no
    picture; Conflict("photo_busy") when others are still being read after three seconds.
    """
    if upload.size > MAX_BYTES:
        raise Invalid("photo_too_big", _("照片超过 5 MB，请换一张小一点的。"), field="photo")
    busy = _("正在识别其他照片，请稍后再试，或直接输入编码。")
    with turn(Conflict("photo_busy", busy, field="photo"), WAIT):
        answer = _answer(upload.read(MAX_BYTES))
    if code := answer.get("error"):
        raise Invalid(code, REFUSALS[code], field="photo")
    return answer["text"]


def _answer(data):
    try:
        return confined.answer("kernel.qr_photo", data, LIMITS)
    except (confined.LimitReached, confined.ChildFailed):
        # Small as a file, too much once unfolded.
        return {"error": "photo_too_big"}
