"""A photo from outside in the sizes pages show: made anew, without place, time and maker."""

import io

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from kernel import uploads
from kernel.errors import Invalid


class PhotoSize(models.TextChoices):
    """In which sizes it is kept: for a list, for a screen, for print."""

    SMALL = "small", gettext_lazy("小图")
    LARGE = "large", gettext_lazy("大图")
    FULL = "full", gettext_lazy("原尺寸")


SIDES = {PhotoSize.SMALL: 480, PhotoSize.LARGE: 1600}


def sized(name, data, *, field):
    """Return {PhotoSize: bytes of a JPEG, "size": (width, height) of the large one} of a picture (bytes) called `name`.

    Raises what kernel.uploads.plain_picture raises, at `field` and with the file's name.
    """
    try:
        plain = uploads.plain_picture(data, field=field)
    except Invalid as error:
        sentence = _("“%(name)s”：%(why)s") % {"name": name[:60], "why": error}
        raise Invalid(error.code, sentence, field=field) from error
    # Our own file from here on, 4000 pixels a side at most: no child process is needed.
    with Image.open(io.BytesIO(plain)) as image:
        image.load()
        full = _on_white(image)
    made = {PhotoSize.FULL: _jpeg(full, 90)}
    for size, side in sorted(SIDES.items(), key=lambda item: -item[1]):
        full.thumbnail((side, side), Image.Resampling.LANCZOS)
        made[size] = _jpeg(full, 80)
        if size == PhotoSize.LARGE:
            made["size"] = full.size
    return made


def _on_white(image):
    """Return a picture without transparency, which a JPEG has none of."""
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def _jpeg(image, quality):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
