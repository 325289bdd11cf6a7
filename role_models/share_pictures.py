"""What the picture of a story says that WeChat and other programs show where its address is passed on.

Her first shown photo stands in it: she agreed to that with the photo (portal.PURPOSES), and without one it is words
alone. It is drawn by the worker (operations.share_pictures) with kernel.share_pictures.
"""

from django.core.exceptions import ObjectDoesNotExist
from django.utils import translation
from django.utils.translation import gettext as _

from kernel import share_pictures
from kernel.photo_sizes import PhotoSize
from privacy import pieces

FORM = "jpeg"  # a photo as PNG is five times as long


def said(story):
    """Return what the picture of a story says (kernel.share_pictures.drawn): its title, her name, her field."""
    with translation.override("zh-hans"):
        version = story.published
        field = story.get_discipline_display() if story.discipline else version.shown_post
        return {
            "programme": _("两江女性科技人才门户"),
            "badges": [["honour", str(story.get_kind_display())]],
            "title": version.title,
            "lines": [line for line in (version.shown_name, str(field)) if line],
        }


def mark(story):
    """Return what tells one picture from another, None where a story has to have none."""
    if not story.is_shown or story.published is None:
        return None
    cover = story.cover
    return share_pictures.mark(said(story), cover.code if cover else "")


def drawn(story):
    """Return the picture of a shown story as JPEG."""
    cover = story.cover
    photo = pieces.read(cover.pieces.filter(size=PhotoSize.LARGE)) if cover else None
    return share_pictures.drawn(said(story), photo, FORM)


def address(story):
    """Return where programs find the picture of a story, with host; the portal's own where it has none that is true.

    Asks for what `select_related("share_picture")` brings along.
    """
    try:
        found = story.share_picture
    except ObjectDoesNotExist:
        found = None
    return share_pictures.address(found, found and mark(story), "story_share_picture", story.code)
