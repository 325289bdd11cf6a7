"""Photos of a story: put up with their words, described anew, approved, taken off, deleted."""

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import photo_sizes
from kernel.errors import Conflict, Invalid
from kernel.photo_sizes import PhotoSize
from privacy import audit, pieces
from role_models import letters, rules
from role_models.models import StoryPhoto
from role_models.operations.share_pictures import shown_anew
from role_models.operations.stories import locked

MOST = 10 * 1024 * 1024


@transaction.atomic
def add_photo(*, story, sent, alt, by, now, alt_en="", credit="", others_agree=False):
    """Put up a photo (`sent`: (file name, bytes), JPEG or PNG) with the words that stand in its place.

    `others_agree` says that nobody else can be recognised in it, or that all who can were asked and agree. Made anew
    without place, time and maker. A picture the story has already is not added again. Raises Refused, Conflict, Invalid.
    Returns the StoryPhoto.
    """
    if error := rules.why_not_look_after(story, by, "role_models.change_story"):
        raise error
    if not others_agree:
        sentence = _("请先确认画面里没有其他认得出的人，或她们都已当面同意。")
        raise Invalid("others_not_asked", sentence, field="others_agree")
    words = _words(alt, alt_en, credit)
    name, data = sent
    if len(data) > MOST:
        raise Invalid("photo_type", _("照片须是不超过 10 MB 的 JPG 或 PNG 图片。"), field="sent")
    sizes = photo_sizes.sized(name, data, field="sent")  # before the lock
    story = locked(story)
    width, height = sizes.pop("size")
    if photo := _same(story, width, height, sizes[PhotoSize.SMALL]):
        return photo
    if error := rules.why_not_more_photos(story):
        raise error
    photo = StoryPhoto.objects.create(
        story=story, width=width, height=height, edited_by=_writer(story, by), added_at=now, **words
    )
    for size, picture in sizes.items():
        pieces.keep(photo.pieces, picture, size=size)
    audit.record("role_models.add_photo", story, by=by, at=now, photo=photo.pk)
    letters.photo_waits(photo, now)
    return photo


@transaction.atomic
def describe_photo(*, photo, alt, by, now, alt_en="", credit=""):
    """Write its words anew. She agreed to the picture with its words, so she is asked again, and it comes off till then.

    Changing nothing does nothing. Raises Refused, Invalid without words. Returns the StoryPhoto.
    """
    photo = _locked(photo, by, "role_models.change_story")
    words = _words(alt, alt_en, credit)
    if all(getattr(photo, name) == value for name, value in words.items()):
        return photo
    for name, value in words.items():
        setattr(photo, name, value)
    photo.edited_by = _writer(photo.story, by)
    photo.agreed_at = photo.answered_at = photo.approved_at = photo.approved_by = None
    photo.save()
    shown_anew(photo.story)
    audit.record("role_models.describe_photo", photo.story, by=by, at=now, photo=photo.pk)
    letters.photo_waits(photo, now)
    return photo


@transaction.atomic
def approve_photo(*, photo, by, now):
    """Show a photo she agreed to. Twice does nothing twice. Raises Refused for who put it up, Conflict without her word."""
    photo = _locked(photo, by, "role_models.publish_story")
    if photo.approved_at:
        return photo
    if error := rules.why_not_approve(photo, by):
        raise error
    photo.approved_at, photo.approved_by = now, by
    photo.save(update_fields=["approved_at", "approved_by"])
    shown_anew(photo.story)
    audit.record("role_models.approve_photo", photo.story, by=by, at=now, photo=photo.pk)
    return photo


@transaction.atomic
def hide_photo(*, photo, by, now):
    """Take a photo off. Undone by show_photo. Twice does nothing twice. Raises Refused. Returns the StoryPhoto."""
    return _hide(photo, now, by, now, "role_models.hide_photo")


@transaction.atomic
def show_photo(*, photo, by, now):
    """Show a photo again that was taken off. Twice does nothing twice. Raises Refused. Returns the StoryPhoto."""
    return _hide(photo, None, by, now, "role_models.show_photo")


def _hide(photo, hidden_at, by, now, verb):
    photo = _locked(photo, by, "role_models.publish_story")
    if bool(photo.hidden_at) != bool(hidden_at):
        photo.hidden_at = hidden_at
        photo.save(update_fields=["hidden_at"])
        shown_anew(photo.story)
        audit.record(verb, photo.story, by=by, at=now, photo=photo.pk)
    return photo


@transaction.atomic
def delete_photo(*, photo, by, now):
    """Delete a photo with its files for good. Raises Refused."""
    if error := rules.why_not_look_after(photo.story, by, "role_models.change_story"):
        raise error
    story = locked(photo.story)
    gone, _by_model = StoryPhoto.objects.filter(pk=photo.pk).delete()
    if gone:
        shown_anew(story)
        audit.record("role_models.delete_photo", story, by=by, at=now, photo=photo.pk)


def read_photo(photo, size):
    """Return the bytes (JPEG) of a photo in a PhotoSize."""
    return pieces.read(photo.pieces.filter(size=size))


def _locked(photo, by, permission):
    """Return a photo as it stands, its story locked. Raises Refused, Conflict where it was deleted meanwhile."""
    if error := rules.why_not_look_after(photo.story, by, permission):
        raise error
    story = locked(photo.story)
    photo = StoryPhoto.objects.filter(pk=photo.pk).first()
    if photo is None:
        raise Conflict("photo_gone", _("这张照片已经由同事删除。"))
    photo.story = story
    return photo


def _words(alt, alt_en, credit):
    words = {
        "alt": " ".join((alt or "").split())[:150],
        "alt_en": " ".join((alt_en or "").split())[:300],
        "credit": " ".join((credit or "").split())[:40],
    }
    if not words["alt"]:
        sentence = _("请填写文字说明，看不到图片的人靠它了解内容。")
        raise Invalid("alt_missing", sentence, field="alt")
    return words


def _writer(story, by):
    return by or story.talent.user


def _same(story, width, height, small):
    """Return the photo of the story whose small picture is this one already, or None."""
    alike = story.photos.filter(width=width, height=height)
    of = (photo for photo in alike if pieces.is_kept(photo.pieces.filter(size="small"), small))
    return next(of, None)
