"""Pictures from outside are made anew: what is seen stays, where and when it was taken does not."""

import io

import pytest
from PIL import Image, PngImagePlugin

from kernel import uploads
from kernel.errors import DomainError
from kernel.uploads import plain_picture
from tests.kernel.test_confined import measured

SECRET = "SECRET-PLACE"
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F
NORTH = {1: "N", 2: (29.0, 43.0, 12.0), 3: "E", 4: (106.0, 33.0, 0.0)}


def file_of(image, kind, **more):
    """Return the bytes of a picture."""
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def photo(size=(60, 40), orientation=1):
    """Return a JPEG as a phone writes it: place, maker, a comment, and something behind its end."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION], exif[GPS] = SECRET, orientation, NORTH
    data = file_of(image, "JPEG", exif=exif, comment=SECRET.encode())
    return data + SECRET.encode()


def refused(data):
    """Return the code and the field with which a picture is refused."""
    with pytest.raises(DomainError) as error:
        plain_picture(data, field="file")
    return error.value.code, error.value.field


def test_the_place_the_phone_and_the_comment_of_a_photo_are_gone():
    data = photo()
    assert dict(Image.open(io.BytesIO(data)).getexif().get_ifd(GPS)) == NORTH
    made = plain_picture(data)
    image = Image.open(io.BytesIO(made))
    assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (60, 40), {})
    assert [name for name in image.info if not name.startswith("jfif")] == []
    assert SECRET.encode() not in made


def test_what_a_note_turns_is_turned_for_good():
    image = Image.open(io.BytesIO(plain_picture(photo(orientation=6))))
    assert image.size == (40, 60)
    top, bottom = image.getpixel((20, 5)), image.getpixel((20, 55))
    assert (top[1] < 60, bottom[1] > 200) == (True, True)


def test_words_within_a_png_are_gone_and_what_shines_through_stays():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SECRET)
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    exif = Image.Exif()
    exif[MAKER] = SECRET
    made = plain_picture(file_of(image, "PNG", pnginfo=notes, exif=exif))
    again = Image.open(io.BytesIO(made))
    assert (again.format, again.mode, again.getpixel((3, 3))) == ("PNG", "RGBA", (0, 0, 0, 0))
    assert (SECRET.encode() in made, again.info) == (False, {})


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "I;16", "CMYK"])
def test_every_kind_of_colour_is_taken(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    made = Image.open(io.BytesIO(plain_picture(file_of(Image.new(mode, (30, 20)), kind))))
    assert (made.format, made.size) == (kind, (30, 20))


def test_a_photo_of_a_large_camera_is_made_smaller():
    made = plain_picture(photo(size=(8000, 6000), orientation=6))
    assert Image.open(io.BytesIO(made)).size == (3000, 4000)


@pytest.mark.parametrize(
    ("size", "mode", "kind"),
    [((30_000, 30_000), "1", "PNG"), ((6000, 4000), "RGB", "PNG"), ((9000, 6000), "L", "JPEG")],
)
def test_a_small_file_of_many_pixels_is_refused(size, mode, kind):
    data = file_of(Image.new(mode, size), kind)
    assert refused(data) == ("photo_too_big", "file")


@pytest.mark.parametrize(
    ("size", "mode", "more", "taken"),
    [
        ((7000, 7000), "RGB", {}, True),
        ((7000, 7000), "RGB", {"progressive": True}, False),
        ((4400, 4400), "CMYK", {}, True),
        ((4400, 4400), "LA", {}, True),
    ],
)
def test_no_picture_takes_more_than_300_mb(size, mode, more, taken):
    """The control (before they were halved while they are decoded) took 563 MB for 750 KB of black."""
    exif = Image.Exif()
    exif[0x0112] = 6
    kind = "PNG" if mode == "LA" else "JPEG"
    data = file_of(Image.new(mode, size), kind, exif=exif, **more)
    said, most = measured("kernel.plain_picture", data, uploads.PICTURE)
    assert ("piece" in said[0], most <= 300) == (taken, True)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + b"0" * 9, photo()[:200], b"", b"GIF89a"])
def test_what_is_no_whole_picture_is_refused(data):
    assert refused(data) == ("photo_unreadable", "file")
